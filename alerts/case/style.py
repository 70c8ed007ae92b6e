"""How a case's page looks: on a light screen, on a dark one, on a small one, and on paper."""

from __future__ import annotations

STYLE = """
:root {
  --paper: #fbfbfa; --card: #fff; --ink: #1b1d21; --soft: #5d636d; --line: #dcdfe4;
  --record: #0b5cad; --statement: #8a5200; --report: #565c66;
  --out: #b3261e; --out-bg: #fdeceb; --in: #176b3a; --in-bg: #e8f5ec;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14161a; --card: #1c1f25; --ink: #e6e8ec; --soft: #9aa2ae; --line: #333943;
    --record: #7db8f5; --statement: #e5b266; --report: #a9b1bd;
    --out: #f2a29b; --out-bg: #3a2020; --in: #8fd3a8; --in-bg: #1b3224;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
  overflow-wrap: anywhere;
}
main { max-width: 52rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
p, h1, h2, h3, h4, ul, ol { margin: 0; padding: 0; }
ul, ol { list-style: none; }
a { color: var(--record); text-decoration-thickness: 1px; text-underline-offset: 2px; }

header { padding-bottom: 1.25rem; border-bottom: 1px solid var(--line); }
.kicker { color: var(--soft); font-size: .8rem; letter-spacing: .12em; text-transform: uppercase; }
h1 { font-size: 2rem; line-height: 1.2; letter-spacing: -.01em; }
.names { display: flex; flex-wrap: wrap; gap: .35rem; margin-top: .6rem; }
.names li { padding: .05rem .55rem; border: 1px solid var(--line); border-radius: 1rem; font-size: .85rem; }
.summary { margin-top: .8rem; color: var(--soft); font-size: .9rem; }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; margin-top: .8rem; color: var(--soft); font-size: .85rem; }

h2 { margin: 1.8rem 0 .9rem 5rem; font-size: .95rem; font-weight: 600; color: var(--soft); }
.item { position: relative; padding: 0 0 1.1rem 5rem; --tone: var(--report); }
.item::before {
  content: ""; position: absolute; left: 4.22rem; top: .4rem; bottom: -.4rem; border-left: 2px solid var(--line);
}
section:last-child .item:last-child::before { bottom: auto; height: 1rem; }
.item::after {
  content: ""; position: absolute; left: calc(4.22rem - 5px); top: .95rem; width: 12px; height: 12px;
  border-radius: 50%; border: 2px solid var(--paper); background: var(--tone);
}
.record { --tone: var(--record); }
.statement { --tone: var(--statement); }
.report { --tone: var(--report); }
.time { position: absolute; left: 0; top: .62rem; width: 3.6rem; text-align: right; color: var(--soft);
  font-variant-numeric: tabular-nums; font-size: .9rem; }
article { padding: .6rem .95rem .75rem; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
.item.record article { border-left: 3px solid var(--record); }
.head {
  display: flex; flex-wrap: wrap; align-items: baseline; gap: .1rem .5rem; font-size: .85rem; color: var(--soft);
}
.head b { font-weight: 500; color: var(--ink); }
.badge { color: var(--tone); font-weight: 700; font-size: .75rem; letter-spacing: .07em; text-transform: uppercase; }
.source { margin-inline-start: auto; text-align: end; }
h3 { margin-top: .15rem; font-size: 1.05rem; line-height: 1.35; font-weight: 600; }
.text { margin-top: .3rem; }
.fields { margin-top: .45rem; }
.field { margin-top: .3rem; }
.name { color: var(--soft); font-size: .85rem; }
del, ins { display: block; padding: .1rem .5rem; border-radius: 4px; text-decoration: none; margin-top: .12rem; }
del { color: var(--out); background: var(--out-bg); }
ins { color: var(--in); background: var(--in-bg); }
del::before { content: "was "; opacity: .75; font-size: .85em; }
ins::before { content: "now "; opacity: .75; font-size: .85em; }
.link { margin-top: .4rem; font-size: .85rem; }
.times { margin-top: .4rem; color: var(--soft); font-size: .8rem; font-variant-numeric: tabular-nums; }
.times span { display: inline-block; margin-right: 1rem; }
.times b { font-weight: 500; color: var(--ink); }
.more { margin-top: .6rem; padding-top: .5rem; border-top: 1px dashed var(--line); font-size: .88rem; }
.more h4 { font-size: .8rem; font-weight: 600; color: var(--soft); }
.more li { margin-top: .3rem; }
.more .link { margin-top: 0; }

@media (max-width: 36rem) {
  main { padding: 1.25rem .8rem 3rem; }
  h2 { margin-left: 0; }
  .item { padding-left: 0; }
  .item::before, .item::after { display: none; }
  .time { position: static; width: auto; text-align: left; padding-bottom: .15rem; }
  .source { margin-inline-start: 0; }
}
@media print {
  :root {
    --paper: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb;
    --record: #0b4a8a; --statement: #6d4100; --report: #444;
    --out: #8c1d18; --out-bg: transparent; --in: #0f5229; --in-bg: transparent;
  }
  @page { margin: 16mm 14mm; }
  body { font-size: 10.5pt; print-color-adjust: exact; }
  main { max-width: none; padding: 0; }
  article { border-radius: 0; }
  .item { break-inside: avoid; }
  h2 { break-after: avoid; }
  a { color: inherit; text-decoration: none; }
}
""".strip()
