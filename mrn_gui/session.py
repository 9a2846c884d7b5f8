"""What is open now: clip, marks, playhead, settings, analysis and the running work. No widget code."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from mrn_core import settings as core_settings
from mrn_core.annotation import Marks, MarkStore, face_choice
from mrn_core.clip import Clip
from mrn_core.errors import MRNError
from mrn_core.settings import AnalysisSettings
from mrn_gui import work
from mrn_gui.fan_files import FanFiles
from mrn_gui.jobs import Job, Jobs
from mrn_gui.marking import Role, fault_of
from mrn_gui.open_clip import OpenClip
from mrn_gui.request import Request, before_blocks, with_blocks_of

if TYPE_CHECKING:
    from mrn_core.analysis import Analyzer
    from mrn_core.network.explain import Redraws
    from mrn_core.result import Analysis

STAGES = ("face", "magnify", "encode", "blocks")
CHANCE_AFTER_MS = 40  # the new picture is painted first: the drawing of chance takes the other core
MOST_LEVELS = 160  # of this clip's analyses that are kept to come back to, some 0.2 MB each
RESTART_MS = 250  # a change while work runs starts it again after this much quiet


class Session(OpenClip):
    """One open clip and everything that belongs to it, for all views of one window."""

    settings_changed = Signal()
    devices_changed = Signal()
    analysis_changed = Signal()
    chance_changed = Signal()
    state_changed = Signal()  # running, stale, up to date, failed
    run_started = Signal()
    level_made = Signal(int, object)
    run_failed = Signal(object)

    def __init__(
        self, jobs: Jobs | None = None, store: MarkStore | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(jobs, store, parent)
        self.settings = AnalysisSettings()
        self.fan = FanFiles(self.jobs, self)
        self.device = "auto"
        self.devices: dict[str, str] = {"auto": "CPU"}
        self._devices_known = False
        self.analysis: Analysis | None = None
        self.chance: list[Redraws] | None = None
        self.error: MRNError | None = None  # of the last run; a new run, mark or clip clears it
        self._shown: Request | None = None
        self._made: list[tuple[Request, Analysis]] = []  # of this clip, the latest last
        self._run: Job | None = None
        self._analyzer: tuple[str, Analyzer] | None = None  # used in the lane "analysis" alone
        self._drawing: Job | None = None
        self._chance_wait = QTimer(self, singleShot=True, interval=CHANCE_AFTER_MS)
        self._chance_wait.timeout.connect(self._draw_chance)
        self._restart = QTimer(self, singleShot=True, interval=RESTART_MS)
        self._restart.timeout.connect(self.analyse)

    # -- when the clip or its marks change -----------------------------------------------------

    def _take(self, clip: Clip | None, sha256: str, marks: Marks) -> None:
        again = self._is_open(clip, sha256)
        ran = again and self.running
        self.cancel()
        if not again:  # the same content, opened again, keeps what was made of it
            self._stop_chance()
            self.analysis = self._shown = self.chance = self.error = None
            self._made = []
        super()._take(clip, sha256, marks)
        self.analysis_changed.emit()
        self.chance_changed.emit()
        self.state_changed.emit()
        if ran:
            self.analyse()

    def _changed_marks(self) -> None:
        self.error = None
        super()._changed_marks()
        self._asked_for_more()

    # -- settings ------------------------------------------------------------------------------

    def change_setting(self, path: str, value: Any) -> None:
        """Changes one setting; see :meth:`change_settings`."""
        self.change_settings({path: value})

    def change_settings(self, values: dict[str, Any]) -> None:
        """Changes settings together. Those that only the blocks read are answered at once.

        Raises:
            SettingsError: a value is out of its range, or two do not fit together; nothing changed.
        """
        changed = core_settings.with_values(self.settings, values)
        if changed == self.settings:
            return
        live = before_blocks(changed) == before_blocks(self.settings)
        self.settings = changed
        self.settings_changed.emit()
        if live and not self.running:
            self._answer_live()
        else:
            self._asked_for_more()

    def reset_settings(self) -> None:
        """Every setting as it is by default, the device too."""
        self.change_device("auto")
        self.change_settings({row.path: row.default for row in core_settings.rows()})

    def change_device(self, device: str) -> None:
        """Where PyTorch computes: one of ``devices``."""
        if device != self.device:
            self.device = device
            self.settings_changed.emit()
            self._asked_for_more()

    def _asked_for_more(self) -> None:
        """After a change that the picture shown does not have: a running analysis starts again.

        What was analysed already, and is kept, is shown at once.
        """
        request = self.request
        kept = None if request is None or self.stale is None else self._made_for(request)
        if self.running:
            self._stop()
            self._restart.start()
        elif kept is not None and request is not None:
            self._stop_chance()
            self._show(kept[1], kept[0])
            if kept[0].settings != request.settings:
                self._answer_live()
        self.state_changed.emit()

    def _made_for(self, request: Request) -> tuple[Request, Analysis] | None:
        return next((one for one in self._made if one[0].same_frames(request)), None)

    def _remember(self, request: Request, analysis: Analysis) -> None:
        """In place of what was made of the same frames; the oldest go."""
        self._made = [*(one for one in self._made if not one[0].same_frames(request)), (request, analysis)]
        while len(self._made) > 1 and sum(len(one.levels) for _, one in self._made) > MOST_LEVELS:
            del self._made[0]

    def _answer_live(self) -> None:
        analysis, device = self.analysis, self.device
        if analysis is None or self._shown is None:
            return
        self._stop_chance()
        wanted = with_blocks_of(analysis.settings, self.settings)
        self.jobs.start(
            "analysis",
            lambda job: self._ready_analyzer(device).rerun(analysis, wanted),
            done=partial(self._reran, wanted),
            failed=self._not_run,
            latest=True,
        )

    def _reran(self, settings: AnalysisSettings, analysis: Analysis) -> None:
        if self._shown is not None:  # else the clip was closed meanwhile
            self._show(analysis, replace(self._shown, settings=settings))

    # -- the analysis --------------------------------------------------------------------------

    @property
    def running(self) -> bool:
        """Whether an analysis runs, or is about to start again."""
        return self._run is not None or self._restart.isActive()

    @property
    def request(self) -> Request | None:
        """What would be analysed now, or None while clip, onset or apex are missing."""
        if self.clip is None or not self.whole or self.marks.onset is None or self.marks.apex is None:
            return None
        marks, source = self.marks, self.marks.apex_source or "user"
        return Request(
            self._sha256, self.marks.onset, self.marks.apex, self.settings, self.device, marks.face, source
        )

    @property
    def shown(self) -> Request | None:
        """What the analysis shown was asked for."""
        return self._shown

    @property
    def stale(self) -> str | None:
        """What the analysis shown was made from, where that is not what is set now."""
        shown, request = self._shown, self.request
        if shown is None or (request is not None and shown.same_frames(request)):
            return None
        return f"Previous analysis: {shown.told(request, self.told)}"

    @property
    def fault(self) -> Role | None:
        """The mark that the last run failed at."""
        return fault_of(self.error, self.marks)

    def analyse(self) -> None:
        """Starts the analysis of what is set now, in place of one that runs."""
        self._restart.stop()
        request, clip = self.request, self.clip
        if request is None or clip is None:
            return
        self._stop()
        self.error = None
        self._run = self.jobs.start(
            "analysis",
            lambda job: self._analyse(job, clip, request),
            done=partial(self._analysed, request),
            failed=self._not_run,
            progress=self.progress.emit,
            part=self.level_made.emit,
            latest=True,
        )
        self.run_started.emit()
        self.state_changed.emit()

    def cancel(self) -> None:
        """Stops the running analysis; what was shown stays."""
        was = self.running
        self._restart.stop()
        self._stop()
        if was:
            self.state_changed.emit()

    def warm(self) -> None:
        """Loads PyTorch and builds the network in the background, so that the first analysis need not."""
        self.jobs.start("analysis", work.load_network, done=self._loaded, failed=self._not_loaded)

    def _not_loaded(self, error: BaseException) -> None:
        self.failed.emit(work.as_told(error, "PyTorch cannot be loaded"))

    def _loaded(self, devices: dict[str, str]) -> None:
        self.devices, self._devices_known = devices, True
        self.devices_changed.emit()

    def _analyse(self, job: Job, clip: Clip, request: Request) -> Analysis:
        return self._ready_analyzer(request.device).run(
            clip,
            onset=request.onset,
            apex=request.apex,
            settings=request.settings,
            face=face_choice(request.face),
            apex_source=request.apex_source,
            progress=job.progress,
            cancel=job.cancelled,
            on_frame=job.part,
        )

    def _ready_analyzer(self, device: str) -> Analyzer:
        """The analyzer for a device; only ever called in the lane "analysis"."""
        if self._analyzer is None or self._analyzer[0] != device:
            from mrn_core.analysis import Analyzer

            self._analyzer = (device, Analyzer(device=device))
        return self._analyzer[1]

    def _analysed(self, request: Request, analysis: Analysis) -> None:
        self._run = None
        self._show(analysis, request)
        if not self._devices_known:  # the analysis came before, or in place of, the warming up
            self.warm()

    def _show(self, analysis: Analysis, request: Request) -> None:
        self.analysis, self._shown, self.error = analysis, request, None
        self._remember(request, analysis)
        self.chance = None  # it belongs to other planes
        self.analysis_changed.emit()
        self.state_changed.emit()
        self._chance_wait.start()

    def _draw_chance(self) -> None:
        analysis = self.analysis
        if analysis is not None:
            draw = partial(work.chance_redraws, analysis)
            self._drawing = self.jobs.start("chance", draw, done=self._drew, latest=True)

    def _stop_chance(self) -> None:
        """What is drawn belongs to other planes already: it shall not hold up what is asked for now."""
        self._chance_wait.stop()
        if self._drawing is not None:
            self._drawing.cancel()

    def _drew(self, chance: list[Redraws]) -> None:
        self.chance = chance
        self.chance_changed.emit()
        self._prepare()

    def _prepare(self) -> None:
        """While nothing else is asked for, makes what the next change of a live setting would wait for."""
        settings, device = self.settings, self.device
        if not self.running:
            self.jobs.start(
                "analysis", lambda job: self._ready_analyzer(device).prepare(settings, job.cancelled)
            )

    def _not_run(self, error: BaseException) -> None:
        self._run = None
        self.error = work.as_told(error, "The analysis failed")
        if self.chance is None:  # it was stopped for what has failed now
            self._chance_wait.start()
        self.state_changed.emit()
        self.run_failed.emit(self.error)

    def _stop(self) -> None:
        if self._run is not None:
            self._run.cancel()
            self._run = None
