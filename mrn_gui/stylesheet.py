"""The one style sheet of the window, made from a palette.

A widget asks for a look by a dynamic property: a label's ``tone`` ("2", "3", "error", "done",
"caution", "primary"), a button's ``kind`` ("primary", "quiet", "segment"), a frame's ``kind``
("panel", "segments", "caution", "error", "tag", "key").
"""

from __future__ import annotations

from mrn_core.resources import resource
from mrn_gui.palette import Palette


def _picture(name: str) -> str:
    return f'url("{resource("icons", name).as_posix()}")'


def style_sheet(p: Palette) -> str:
    """The rules for one palette."""
    down, up = (_picture(f"arrow-{way}-{p.name}.svg") for way in ("down", "up"))
    check = _picture(f"check-{p.name}.svg")
    return f"""
QMainWindow, QWidget[kind="ground"] {{ background: {p.win}; }}
QWidget[kind="panel"] {{ background: {p.panel}; }}
QSplitter::handle {{ background: {p.win}; }}
QSplitter::handle:hover {{ background: {p.control}; }}

QLabel {{ color: {p.text}; background: transparent; }}
QLabel[tone="2"] {{ color: {p.text2}; }}
QLabel[tone="3"] {{ color: {p.text3}; }}
QLabel[tone="inverse"] {{ color: {p.primary_text}; }}
QLabel[tone="primary"] {{ color: {p.primary}; }}
QLabel[tone="error"] {{ color: {p.error}; }}
QLabel[tone="done"] {{ color: {p.done}; }}
QLabel[tone="caution"] {{ color: {p.caution}; }}
QFrame[kind="caution"] {{ background: {p.caution_ground}; border: none; border-radius: 4px; }}
QFrame[kind="error"] {{ background: {p.panel}; border: none; border-left: 4px solid {p.error}; }}
QFrame[kind="message"] {{ background: {p.panel}; border: 1px solid {p.control}; border-radius: 6px; }}
QFrame[kind="rule"] {{ background: {p.line}; border: none; }}
QFrame[kind="tag"] {{ background: {p.panel}; border: 1px solid {p.line}; border-radius: 4px; }}
QLabel[kind="key"] {{
    color: {p.text}; background: {p.panel}; border: 1px solid {p.control}; border-radius: 3px; padding: 0 4px;
}}

QPushButton, QToolButton {{
    color: {p.text}; background: {p.panel}; border: 1px solid {p.control}; border-radius: 4px;
    padding: 4px 10px;
}}
QPushButton:hover, QToolButton:hover {{ background: {p.hover}; }}
QPushButton:pressed, QToolButton:pressed {{ background: {p.line}; }}
QPushButton:focus, QToolButton:focus {{ border-color: {p.primary}; }}
QPushButton:disabled, QToolButton:disabled {{ color: {p.text3}; border-color: {p.line}; }}
QPushButton[kind="primary"] {{
    color: {p.primary_text}; background: {p.primary}; border-color: {p.primary};
}}
QPushButton[kind="primary"]:focus {{ border-color: {p.text}; }}
QPushButton[kind="done"]:disabled {{ color: {p.text}; border-color: {p.line}; }}
QToolButton[kind="quiet"], QPushButton[kind="quiet"] {{
    background: transparent; border: 1px solid transparent; padding: 0 4px;
}}
QToolButton[kind="quiet"]:hover, QPushButton[kind="quiet"]:hover {{ background: {p.hover}; }}
QToolButton[kind="quiet"]:focus, QPushButton[kind="quiet"]:focus {{ border-color: {p.primary}; }}
QToolButton[kind="quiet"]:checked {{ background: {p.primary_soft}; }}
QPushButton[kind="row"] {{ background: transparent; border: 1px solid transparent; padding: 0; }}
QPushButton[kind="row"]:hover {{ background: {p.hover}; }}
QPushButton[kind="row"]:focus {{ border-color: {p.primary}; }}
QToolButton::menu-indicator {{ image: none; }}
QFileDialog QToolButton {{ padding: 2px; background: {p.control}; }} /* Qt's own icons: 16 px, black arrows */
QFrame[kind="segments"] {{ background: {p.sunk}; border: 1px solid {p.line}; border-radius: 4px; }}
QPushButton[kind="segment"] {{
    color: {p.text2}; background: transparent; border: 1px solid transparent; padding: 2px 8px;
}}
QPushButton[kind="segment"]:hover {{ color: {p.text}; }}
QPushButton[kind="segment"]:checked {{
    color: {p.text}; background: {p.panel}; border-color: {p.control}; font-weight: 600;
}}
QPushButton[kind="segment"]:focus {{ border-color: {p.primary}; }}

QCheckBox {{ color: {p.text}; spacing: 8px; }}
QCheckBox:disabled {{ color: {p.text3}; }}
QCheckBox::indicator {{
    width: 14px; height: 14px; border: 1px solid {p.control}; border-radius: 3px; background: {p.panel};
}}
QCheckBox::indicator:checked {{ background: {p.primary}; border-color: {p.primary}; image: {check}; }}
QCheckBox::indicator:disabled {{ background: {p.sunk}; border-color: {p.line}; image: none; }}
QCheckBox::indicator:focus {{ border-color: {p.text}; }}
QProgressBar {{ background: {p.line}; border: none; }}
QProgressBar::chunk {{ background: {p.primary}; }}
QHeaderView {{ background: {p.panel}; border: none; }}
QHeaderView::section {{
    color: {p.text2}; background: {p.panel}; border: none; border-bottom: 1px solid {p.line};
    padding: 2px 6px 2px 12px;
}}
QHeaderView::up-arrow, QHeaderView::down-arrow {{
    subcontrol-origin: padding; subcontrol-position: center left; width: 10px; height: 10px;
}}
QHeaderView::up-arrow {{ image: {down}; }}
QHeaderView::down-arrow {{ image: {up}; }}
QTableView {{ background: {p.panel}; color: {p.text}; border: none; }}

QComboBox, QAbstractSpinBox, QLineEdit {{
    color: {p.text}; background: {p.panel}; border: 1px solid {p.control}; border-radius: 4px;
    min-height: 24px;
    selection-background-color: {p.primary}; selection-color: {p.primary_text};
}}
QComboBox {{ padding: 0 0 0 7px; }}
QLineEdit {{ padding: 0 6px; }}
QComboBox:focus, QAbstractSpinBox:focus, QLineEdit:focus {{ border-color: {p.primary}; }}
QComboBox:disabled, QAbstractSpinBox:disabled, QLineEdit:disabled {{
    color: {p.text3}; border-color: {p.line};
}}
QAbstractSpinBox QLineEdit {{ border: none; background: transparent; padding: 0; min-height: 0; }}
QComboBox::drop-down {{ border: none; width: 20px; }}
QComboBox::down-arrow {{ image: {down}; width: 12px; height: 12px; }}
QComboBox QAbstractItemView {{
    color: {p.text}; background: {p.panel}; border: 1px solid {p.line}; outline: none;
    selection-background-color: {p.primary_soft}; selection-color: {p.text};
}}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{
    subcontrol-origin: border; background: transparent; border: none; width: 18px;
}}
QAbstractSpinBox::up-button {{ subcontrol-position: top right; }}
QAbstractSpinBox::down-button {{ subcontrol-position: bottom right; }}
QAbstractSpinBox[kind="bare"]::up-button, QAbstractSpinBox[kind="bare"]::down-button {{ width: 0; }}
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover {{ background: {p.hover}; }}
QAbstractSpinBox::up-arrow {{ image: {up}; width: 12px; height: 12px; }}
QAbstractSpinBox::down-arrow {{ image: {down}; width: 12px; height: 12px; }}
QAbstractSpinBox[kind="bare"]::up-arrow, QAbstractSpinBox[kind="bare"]::down-arrow {{
    image: none; width: 0;
}}

QMenu {{ color: {p.text}; background: {p.panel}; border: 1px solid {p.line}; padding: 4px 0; }}
QMenu::item {{ padding: 5px 28px 5px 14px; background: transparent; }}
QMenu::item:selected {{ background: {p.primary_soft}; color: {p.text}; }}
QMenu::item:disabled {{ color: {p.text3}; }}
QMenu::separator {{ height: 1px; background: {p.line}; margin: 4px 0; }}
QToolTip {{ color: {p.text}; background: {p.panel}; border: 1px solid {p.control}; padding: 3px 5px; }}

QDockWidget {{ color: {p.text}; font-weight: 600; }}
QDockWidget::title {{ background: {p.panel}; border-bottom: 1px solid {p.line}; padding: 6px 12px; }}

QScrollArea {{ border: none; background: transparent; }}
QScrollBar {{ background: transparent; border: none; }}
QScrollBar:vertical {{ width: 10px; }}
QScrollBar:horizontal {{ height: 10px; }}
QScrollBar::handle {{ background: {p.control}; border-radius: 3px; margin: 2px;
    min-width: 24px; min-height: 24px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QGraphicsView {{ border: none; }}
"""
