"use strict";
const phone = document.getElementById("phone").dataset.phone;
const path = "/phones/" + encodeURIComponent(phone);
const talk = document.getElementById("talk");
const form = document.getElementById("reply");
const note = document.getElementById("note");
let number = "", shown = "";

function bubble(l) {
  const b = document.createElement("div");
  b.className = "bubble" + (l.mine ? " mine" : "");
  for (const p of l.pieces) {
    if (!p.link || !/^https?:/.test(p.link)) { b.append(p.text); continue; }
    const a = document.createElement("a");
    a.href = p.link; a.target = "_blank"; a.rel = "noreferrer"; a.textContent = p.text;
    b.append(a);
  }
  const m = document.createElement("p");
  m.className = "meta" + (l.mine ? " right" : "");
  m.textContent = new Date(l.at).toLocaleTimeString() + " · " +
    (l.mine ? "to " : "from ") + l.number + (l.provider ? " via " + l.provider : "") + " · " + l.status + (l.code ? " (" + l.code + ")" : "");
  return [b, m];
}

async function refresh() {
  if (document.hidden) return;
  const raw = await fetch(path + "/lines.json").then(r => r.text()).catch(() => shown);
  if (raw === shown || !raw) return;
  const lines = JSON.parse(raw);
  const end = innerHeight + scrollY >= document.body.scrollHeight - 80 || !shown;
  shown = raw;
  talk.replaceChildren(...lines.flatMap(bubble));
  if (lines.length) number = lines[lines.length - 1].number;
  document.getElementById("with").textContent = number ? "with " + number : "";
  if (end) scrollTo(0, document.body.scrollHeight);
}

async function send(body) {
  const res = await fetch(path, { method: "POST", body: new URLSearchParams({ number, body }) });
  note.textContent = res.ok ? "" : await res.text();
  if (res.ok) form.reset();
  refresh();
}

form.addEventListener("submit", e => { e.preventDefault(); send(form.body.value); });
document.getElementById("stop").addEventListener("click", () => send("STOP"));
document.addEventListener("visibilitychange", refresh);
setInterval(refresh, 1000);
refresh();
