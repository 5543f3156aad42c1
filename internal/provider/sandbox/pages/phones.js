"use strict";
const grid = document.getElementById("phones");
const search = document.getElementById("search");
const stats = document.getElementById("stats");
let seen = null;

function el(tag, cls, text) {
  const e = document.createElement(tag);
  if (cls) e.className = cls;
  if (text !== undefined) e.textContent = text;
  return e;
}

function ago(at) {
  const s = Math.max(0, Math.round((Date.now() - new Date(at)) / 1000));
  if (s < 60) return s + " s ago";
  if (s < 3600) return Math.floor(s / 60) + " min ago";
  return new Date(at).toLocaleString();
}

function card(p) {
  const a = el("a", "card");
  a.href = "/phones/" + encodeURIComponent(p.phone);
  const top = el("div", "top");
  top.append(el("b", "", p.phone), el("time", "", ago(p.at)));
  const foot = el("div", "foot");
  foot.append(el("span", "", (p.mine ? "to " : "from ") + p.number + (p.provider ? " via " + p.provider : "") + " · " + p.count));
  foot.append(p.stop ? el("span", "tag stop", "said STOP") : el("span", "tag " + p.status, p.status));
  a.append(top, el("p", "body", p.body), foot);
  if (seen && seen.get(p.phone) !== p.count) a.classList.add("fresh");
  return a;
}

async function refresh() {
  if (document.hidden) return;
  try {
    const [phones, s] = await Promise.all([
      fetch("/phones.json?q=" + encodeURIComponent(search.value)).then(r => r.json()),
      fetch("/sandbox/stats").then(r => r.json()),
    ]);
    const none = search.value ? "No phone like that." : "No texts yet. They appear here as they are sent.";
    grid.replaceChildren(...(phones.length ? phones.map(card) : [el("p", "empty", none)]));
    seen = new Map(phones.map(p => [p.phone, p.count]));
    stats.textContent = s.accepted.toLocaleString() + " texts to " + s.phones.toLocaleString() + " phones · " +
      s.clicks.toLocaleString() + " clicks · " + s.replies.toLocaleString() + " replies · " +
      s.stops.toLocaleString() + " stops" + (s.callbacks_waiting ? " · " + s.callbacks_waiting.toLocaleString() + " callbacks waiting" : "");
  } catch {
    stats.textContent = "The sandbox does not answer. Trying again.";
  }
}

search.addEventListener("input", () => { seen = null; refresh(); });
document.addEventListener("visibilitychange", refresh);
setInterval(refresh, 1500);
refresh();
