"""What failed in the last run, in the place of the levels, with what can be done about it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from mrn_core.annotation import MarkedFace
from mrn_core.errors import ClipError, FaceError, MRNError, SettingsError, WeightsError
from mrn_gui.fan_files import Buttons
from mrn_gui.session import Session
from mrn_gui.strip.view import LevelStrip

WAYS = "Fetch them, pick the files where you have them, or use dlib, which needs no download."


class RunFailure(QObject):
    """``copy_asked`` carries an error whose details somebody wants; ``draw_face_asked``: by hand."""

    copy_asked = Signal(object)
    draw_face_asked = Signal()

    def __init__(self, session: Session, strip: LevelStrip, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._strip = session, strip
        session.run_failed.connect(self.show)
        session.frame_changed.connect(self._show_again)
        session.fan.changed.connect(self._show_again)
        session.fan.moved.connect(self._tell_moved)
        session.fan.came.connect(self._go_on)

    def show(self, error: MRNError) -> None:
        """What happened, and what to do."""
        if self._misses_fan(error):
            self._session.fan.assume_lacking()
        self._show(error)

    def _show_again(self) -> None:
        """The buttons follow the playhead, and what becomes of the files of fan."""
        error = self._session.error
        if error is not None and self._strip.shows_error:
            self._show(error)

    def _show(self, error: MRNError) -> None:
        also = "" if self._session.analysis is None else " and the previous analysis"
        kept = f"Your marks{also} are kept."
        fan = self._session.fan
        if self._misses_fan(error) and (fan.busy or fan.state in ("asking", "lacking")):
            title, words = fan.told()
            if fan.state == "lacking" and fan.error is None:
                advice = error.advice if isinstance(error, SettingsError) else WAYS
                title, words = error.what, f"{fan.note} {advice}".strip()
            quiet = fan.busy or fan.state == "asking"
            buttons = fan.buttons() + ([] if quiet else [("Use dlib instead", self._use_dlib)])
            words = words if quiet else f"{words} {kept}"
            # without the package the files alone are of no use
            main = len(buttons) - 1 if fan.package and not quiet else fan.main_button
            self._strip.show_error(title, words, buttons, main, mends=quiet)
        else:
            self._strip.show_error(error.what, f"{error.advice} {kept}".strip(), self._buttons(error))

    def _buttons(self, error: MRNError) -> Buttons:
        session = self._session
        role, face = session.fault, session.marks.face
        frame = None if role is None else getattr(session.marks, role)
        buttons: Buttons = []
        if isinstance(error, FaceError) and face is None:
            buttons.append(("The clip is a face crop already", partial(self._take_face, "whole")))
            buttons.append(("Draw the face box", self.draw_face_asked.emit))
        elif self._misses_fan(error):
            buttons.append(("Use dlib instead", self._use_dlib))
            buttons.append(("Try again", session.analyse))
        elif isinstance(error, FaceError):
            buttons.append(("Detect the face", partial(self._take_face, None)))
            buttons.append(("Draw the face box", self.draw_face_asked.emit))
        else:
            if frame is not None and frame != session.frame:
                buttons.append((f"Show frame {session.told(frame)}", lambda: session.seek(frame)))
            if not isinstance(error, ClipError):  # marks that do not fit fail again
                buttons.append(("Try again", session.analyse))
        buttons.append(("Copy details", lambda: self.copy_asked.emit(error)))
        return buttons

    def _misses_fan(self, error: MRNError) -> bool:
        """Whether the package or the files of the chosen face finder are not there."""
        if self._session.settings.face_backend != "fan":
            return False
        if isinstance(error, WeightsError):
            from mrn_core.faces.fan_files import FILES

            return error.name in FILES
        return isinstance(error, SettingsError) and error.field == "face_backend"

    def _tell_moved(self, name: str, done: int, total: int) -> None:
        if self._strip.shows_error and self._session.fan.state == "fetching":
            self._strip.error.words.setText(self._session.fan.moved_told(name, done, total))

    def _go_on(self) -> None:
        """The analysis that missed the files."""
        error = self._session.error
        if error is not None and self._misses_fan(error):
            self._session.analyse()

    def _take_face(self, face: MarkedFace) -> None:
        self._session.set_face(face)
        self._session.analyse()

    def _use_dlib(self) -> None:
        self._session.change_setting("face_backend", "dlib")
        self._session.analyse()
