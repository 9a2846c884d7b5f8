"""Dialogs are no larger than their screen, and what does not fit is scrolled to."""

import pytest
from PySide6.QtCore import QPoint, QSize
from PySide6.QtWidgets import QApplication, QPushButton, QScrollArea

from mrn_gui.widgets.scrolled import LEAST, fit


@pytest.mark.parametrize("command", ["show_keys", "export"])
def test_a_dialog_fits_a_low_screen_with_its_buttons(window, command):
    window.commands.handlers()[command]()
    dialog = window.commands._keys if command == "show_keys" else window.commands._export
    try:
        dialog.resize(dialog.width(), 480)
        QApplication.processEvents()
        assert dialog.height() == 480, "960 x 540 px are a full HD screen at 200 %"
        assert dialog.width() <= 950
        area = dialog.findChild(QScrollArea)
        assert area.height() >= LEAST
        bar = area.verticalScrollBar()
        assert bar.maximum() > 0
        bar.setValue(bar.maximum())
        last = area.widget()
        assert last.mapTo(area.viewport(), QPoint(0, last.height())).y() == area.viewport().height()
        assert last.width() == area.viewport().width(), "nothing stands beyond the right edge"
        for button in dialog.findChildren(QPushButton):
            if button.text() in ("Export", "Close"):
                assert dialog.rect().contains(button.geometry())
    finally:
        dialog.close()


def test_a_dialog_is_as_large_as_it_asks_for_or_as_its_screen(qtbot):
    from PySide6.QtWidgets import QDialog

    dialog = QDialog()
    qtbot.addWidget(dialog)
    fit(dialog, QSize(300, 200))
    assert dialog.size() == QSize(300, 200)
    fit(dialog, QSize(300, 90_000))
    assert dialog.height() < dialog.screen().availableGeometry().height()
