"""The face of a clip as the player shows it and lets a person correct it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np
from PySide6.QtCore import QObject

from mrn_core.annotation import MarkedFace, marked_box, marked_landmarks
from mrn_core.clip import Clip
from mrn_gui.jobs import Job
from mrn_gui.player.overlay import Points, corners_of
from mrn_gui.player.tools import PointsTool
from mrn_gui.player.view import FrameView, Note
from mrn_gui.session import Session
from mrn_gui.told import face_lines, head_is_mistaken, head_told, quality_told
from mrn_gui.work import as_told, crop_corners

if TYPE_CHECKING:
    from mrn_core.face_reading import FaceQuality
    from mrn_core.faces import Face

Wish = Literal["choose", "move", "show"]


@dataclass(frozen=True)
class FirstFace:
    """The face that is proposed: why it is, its figures, and a sentence where the clip seems cut to it."""

    chosen: str = ""
    measured: FaceQuality | None = None
    cut: str = ""


Answer = tuple["list[Face]", FirstFace]


class FaceMarks(QObject):
    """Shows crop box and landmarks, and takes boxes, faces and landmarks from the view.

    What stands in the onset is looked for in a worker, when it is first needed.
    """

    def __init__(self, session: Session, view: FrameView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._view = session, view
        self.shown = False
        self._found: tuple[Clip, int, MarkedFace, str, list[Face]] | None = None
        self._first = FirstFace()  # of them
        view.box_drawn.connect(lambda *box: session.set_face(box))
        view.face_picked.connect(self._picked)
        view.points_moved.connect(lambda points: session.set_face(marked_points(points)))
        session.clip_changed.connect(self._forget)
        session.state_changed.connect(self._changed)
        session.marks_changed.connect(self._changed)

    def toggle(self) -> None:
        """Landmarks on the frame, or the crop's box alone."""
        self.shown = not self.shown
        if self.shown and self.landmarks() is None:
            self._look("show")
        self._changed()

    def choose(self) -> None:
        """Shows every face of the onset; a click takes one."""
        self._look("choose")

    def move(self) -> None:
        """Lets the landmarks be dragged, on the onset."""
        self._session.seek(self._session.marks.onset or 0)
        points = self.landmarks()
        if points is None:
            self._look("move")
        else:
            self._view.start_moving(points)

    def landmarks(self) -> Points | None:
        """(68, 2) px of the onset frame, as far as they are known: moved, analysed, or found."""
        marks, analysis = self._session.marks, self._session.analysis
        moved = marked_landmarks(marks.face)
        if moved is not None:
            return moved
        if analysis is not None and self._session.stale is None and analysis.face.landmarks is not None:
            return analysis.face.landmarks
        found = self._known()
        return found[0].landmarks if found else None

    # -- inside --------------------------------------------------------------------------------

    def _key(self, clip: Clip) -> tuple[Clip, int, MarkedFace, str]:
        session = self._session
        return clip, session.marks.onset or 0, session.marks.face, session.settings.face_backend

    def _known(self) -> list[Face]:
        """The faces of the onset that were looked for, as things stand now."""
        clip = self._session.clip
        if clip is None or self._found is None or self._found[:4] != self._key(clip):
            return []
        return self._found[4]

    def _look(self, wish: Wish) -> None:
        """Looks for the faces of the onset; for all of them where one is to be chosen."""
        clip = self._session.clip
        if clip is None:
            return
        _, frame, face, backend = key = self._key(clip)
        box = None if wish == "choose" else marked_box(face)
        self._session.jobs.start(
            "faces",
            lambda job: _faces_in(clip, frame, box, backend, job),
            done=partial(self._answer, wish, key),
            failed=lambda error: self._session.failed.emit(as_told(error, "The face cannot be looked for")),
            latest=True,
        )

    def _answer(self, wish: Wish, key: tuple[Clip, int, MarkedFace, str], answer: Answer) -> None:
        session = self._session
        if session.clip is not key[0] or key != self._key(key[0]):
            return
        faces, self._first = answer
        self._found = (*key, faces)
        where = f"frame {session.told(key[1])}"
        if not faces:
            session.notice.emit(f"No face is found in {where}: draw a box around it.")
        elif wish == "move":
            self._view.start_moving(faces[0].landmarks)
        elif wish == "choose" and len(faces) == 1:
            session.notice.emit(f"One face is found in {where}. Draw a box to take another place.")
        elif wish == "choose":
            session.seek(key[1])
            self._view.start_choosing([face.box for face in faces], self._chosen(faces))
            session.notice.emit(f"{len(faces)} faces in {where}. Proposed is {self._first.chosen}.")
        self._changed()

    def _chosen(self, faces: list[Face]) -> int:
        """Which of them is the clip's at present."""
        box, points = marked_box(self._session.marks.face), self.landmarks()
        if box is not None:
            same = [i for i, face in enumerate(faces) if np.allclose(face.box, box)]
        else:
            centre = None if points is None else points.mean(axis=0)
            away = [] if centre is None else [np.hypot(*(f.landmarks.mean(axis=0) - centre)) for f in faces]
            same = [int(np.argmin(away))] if away else []
        return same[0] if same else 0

    def _picked(self, index: int) -> None:
        faces = self._found[4] if self._found is not None else []
        if index < len(faces):
            x, y, w, h = map(float, faces[index].box)
            self._session.set_face((x, y, w, h))

    def _forget(self) -> None:
        self._found = None

    def _changed(self) -> None:
        """Draws the crop's box where the analysis cut, or the box that was drawn since, and the landmarks."""
        session, box = self._session, marked_box(self._session.marks.face)
        analysis = session.analysis
        fresh = analysis is not None and session.stale is None
        if box is not None and not fresh:
            self._view.show_box(corners_of(box))
        else:
            self._view.show_box(None if analysis is None else crop_corners(analysis.face))
        points = self.landmarks()
        tool = self._view.tool
        if isinstance(tool, PointsTool) and points is not None:
            tool.set_points(points)  # an undo while they are moved
        self._view.show_landmarks(points if self.shown else None)
        self._view.show_notes(self._notes() if self.shown else [], "\n".join(self._lines()))

    def _lines(self) -> list[str]:
        """All that was measured of the face and of the head's motion."""
        session = self._session
        if session.analysis is not None and session.stale is None:
            face = session.analysis.face
            return [*face_lines(face.chosen, face.measured, _cut(session)), head_told(session.analysis)[0]]
        first = self._first
        return face_lines(first.chosen, first.measured, first.cut) if self._known() else []

    def _notes(self) -> list[Note]:
        """How good the face is, and how far the head moves; and of each whether it is a caution."""
        session = self._session
        words, low = self._quality()
        notes: list[Note] = [((words,), low)] if words else []
        if session.analysis is not None and session.stale is None:
            notes.append((head_told(session.analysis), head_is_mistaken(session.analysis)))
        return notes

    def _quality(self) -> tuple[str, bool]:
        session = self._session
        if marked_landmarks(session.marks.face) is not None:
            return "Landmarks moved by hand", False
        analysis, found = session.analysis, self._known()
        if analysis is not None and session.stale is None:
            source, quality, measured = analysis.face.source, analysis.face.quality, analysis.face.measured
        elif found:
            source, quality, measured = found[0].backend, found[0].quality, self._first.measured
        else:
            return "", False
        if quality is None:
            return "The whole picture is the face", False
        return quality_told(source, quality, measured)


def _cut(session: Session) -> str:
    """A sentence where the clip seems to be cut to the face that was detected in it."""
    clip, face = session.clip, None if session.analysis is None else session.analysis.face
    if clip is None or face is None or face.landmarks is None or face.box is None or session.marks.face:
        return ""
    from mrn_core.faces import Face  # imported by now: it was analysed
    from mrn_core.faces.choosing import fills_picture

    width, height = clip.size
    return fills_picture(Face(face.box, face.landmarks, face.quality or 0.0, face.source), height, width)


def marked_points(points: Points) -> MarkedFace:
    """Landmarks as a mark keeps them."""
    return tuple((round(float(x), 3), round(float(y), 3)) for x, y in points)


def _faces_in(
    clip: Clip, frame: int, box: tuple[float, float, float, float] | None, backend: str, job: Job
) -> Answer:
    """The faces of a frame, the proposed one first; with ``box`` the one in it."""
    from mrn_core.faces import detect_faces, face_quality, look_for_face
    from mrn_core.faces.choosing import fills_picture, proposed_face

    picture = clip[frame]
    if box is not None:
        found = look_for_face(picture, box, backend, frame, "onset", clip.frame_number(frame))
        return ([], FirstFace()) if found.face is None else ([found.face], FirstFace("", found.measured))
    faces = detect_faces(picture, backend)
    if not faces:
        return [], FirstFace()
    size = picture.shape[:2]
    index, chosen = proposed_face(faces, *size)
    faces.insert(0, faces.pop(index))
    return faces, FirstFace(chosen, face_quality(picture, faces[0]), fills_picture(faces[0], *size))
