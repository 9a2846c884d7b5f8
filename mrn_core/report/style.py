"""The look of the report: the colours of the window's two themes, and how it is printed."""

STYLE = """
:root { color-scheme: light dark; --ground: #FFFFFF; --sunk: #F3F4F6; --line: #D5D9DF; --edge: #8A929E;
  --text: #161A20; --text2: #4A515C; --text3: #626A76; --link: #1F4E8C; --caution: #6B4700;
  --caution-ground: #FFF1CC; }
@media screen and (prefers-color-scheme: dark) { :root { --ground: #16191E; --sunk: #101317; --line: #2A2F37;
  --edge: #6B7480; --text: #ECEFF3; --text2: #B4BBC5; --text3: #98A0AC; --link: #6FB1F2; --caution: #FFD98A;
  --caution-ground: #3A2E10; } }
body { margin: 0; background: var(--ground); color: var(--text);
  font: 15px/1.5 Inter, system-ui, sans-serif; font-variant-numeric: tabular-nums; }
main { max-width: 1640px; margin: 0 auto; padding: 32px 24px 64px; }
h1 { font-size: 26px; line-height: 1.25; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 18px; margin: 40px 0 8px; }
p, ul { max-width: 100ch; }
a { color: var(--link); }
nav { display: flex; flex-wrap: wrap; gap: 4px 20px; margin-top: 16px; font-size: 13px; }
.lead { color: var(--text2); margin: 4px 0 12px; }
.badge { background: var(--caution-ground); color: var(--caution); font-weight: 600; padding: 8px 12px;
  display: inline-block; margin: 0; }
.plain, .told { color: var(--text2); margin: 0 0 8px; }
.warnings { border-left: 4px solid var(--caution); padding-left: 16px; margin-top: 24px; }
.warnings h2 { margin-top: 0; }
.figures { columns: 3 460px; column-gap: 24px; margin-top: 12px; }
figure { break-inside: avoid; margin: 0; padding-bottom: 28px; }
figure svg { display: block; width: 100%; height: auto; outline: 1px solid var(--line); background: #FFFFFF; }
figcaption { color: var(--text2); font-size: 13px; margin-top: 6px; }
figcaption b { color: var(--text); font-weight: 600; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: 13px; margin: 8px 0; }
th { text-align: left; color: var(--text2); font-weight: 600; border-bottom: 1px solid var(--edge); }
th, td { padding: 3px 16px 3px 0; vertical-align: top; white-space: nowrap; }
td { border-bottom: 1px solid var(--line); }
.numbers th, .numbers td { text-align: right; }
.words td { white-space: normal; overflow-wrap: anywhere; min-width: 9ch; max-width: 80ch; }
.words td:first-child { color: var(--text2); }
details { margin: 8px 0; }
summary { cursor: pointer; color: var(--link); }
pre { font-size: 12px; white-space: pre-wrap; overflow-wrap: anywhere; background: var(--sunk);
  padding: 12px; }
footer { color: var(--text3); font-size: 13px; margin-top: 40px; border-top: 1px solid var(--line);
  padding-top: 8px; }
@page { margin: 12mm; }
@media print {
  body { font-size: 9.5pt; }
  main { max-width: none; padding: 0; }
  h1 { font-size: 16pt; }
  h2 { font-size: 12pt; margin-top: 20pt; break-after: avoid; }
  nav, details { display: none; }
  .badge { border: 1px solid var(--caution); }
  .figures { columns: 2; column-gap: 6mm; }
  figure { padding-bottom: 5mm; }
  figure svg { outline: none; border: 1px solid var(--line); box-sizing: border-box; }
  figcaption, footer { font-size: 8pt; }
  .wide { overflow: visible; }
  table { font-size: 8pt; }
  th, td { padding: 1.5pt 8pt 1.5pt 0; }
  tr { break-inside: avoid; }
  footer { margin-top: 8pt; padding-top: 2pt; break-before: avoid; }
}
"""
