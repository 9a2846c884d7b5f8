"""The look of the report: the colours of the window's light theme."""

STYLE = """
body { margin: 0; background: #FFFFFF; color: #161A20; font: 15px/1.5 Inter, system-ui, sans-serif;
  font-variant-numeric: tabular-nums; }
main { max-width: 1120px; margin: 0 auto; padding: 32px 24px 64px; }
h1 { font-size: 26px; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 18px; margin: 36px 0 8px; }
.lead { color: #4A515C; margin: 4px 0 12px; }
.badge { background: #FFF1CC; color: #6B4700; font-weight: 600; padding: 8px 12px; display: inline-block;
  margin: 0; }
.plain { color: #4A515C; margin: 0; }
.warnings { border-left: 4px solid #6B4700; padding-left: 16px; margin-top: 16px; }
.warnings h2 { margin-top: 0; }
figure { display: inline-block; vertical-align: top; width: 520px; max-width: 100%; margin: 0 16px 24px 0; }
figure svg { width: 100%; height: auto; border: 1px solid #D5D9DF; }
figcaption { color: #4A515C; font-size: 13px; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: 13px; margin: 8px 0; }
th { text-align: left; color: #4A515C; font-weight: 600; border-bottom: 1px solid #8A929E; }
th, td { padding: 3px 12px 3px 0; vertical-align: top; white-space: nowrap; }
td { border-bottom: 1px solid #E4E7EB; }
.numbers th, .numbers td { text-align: right; }
.words td { white-space: normal; overflow-wrap: anywhere; }
details { margin: 8px 0; }
summary { cursor: pointer; color: #1F4E8C; }
pre { font-size: 12px; white-space: pre-wrap; overflow-wrap: anywhere; background: #F3F4F6; padding: 12px; }
footer { color: #626A76; font-size: 13px; margin-top: 40px; border-top: 1px solid #D5D9DF; padding-top: 8px; }
@media print { figure { break-inside: avoid; } details { display: none; } main { padding: 0; } }
"""
