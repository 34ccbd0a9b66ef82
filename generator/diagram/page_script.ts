/**
 * What the page of a diagram does, for the browser. Text of the database reaches the page through
 * `textContent` alone.
 */
export const PAGE_SCRIPT = `
"use strict";
(() => {
  const { entities, links } = JSON.parse(document.getElementById("data").textContent);
  const byId = new Map(entities.map((one) => [one.id, one]));
  const stage = document.getElementById("stage");
  const svg = stage.querySelector("svg");
  const search = document.getElementById("search");
  const found = document.getElementById("found");
  const panel = document.getElementById("panel");
  const whole = svg.viewBox.baseVal;
  const size = { width: whole.width, height: whole.height };
  let view = { x: 0, y: 0, width: size.width, height: size.height };

  const show = () => svg.setAttribute("viewBox", [view.x, view.y, view.width, view.height].join(" "));
  const scale = () => Math.max(view.width / stage.clientWidth, view.height / stage.clientHeight);
  // the point of the drawing under a point of the screen: the drawing is centred
  const pointAt = (clientX, clientY) => {
    const box = stage.getBoundingClientRect();
    const by = scale();
    return {
      x: view.x + view.width / 2 + (clientX - box.left - box.width / 2) * by,
      y: view.y + view.height / 2 + (clientY - box.top - box.height / 2) * by,
    };
  };
  const zoom = (factor, at) => {
    const least = 120;
    const most = Math.max(size.width, size.height) * 3;
    const width = Math.min(most, Math.max(least, view.width * factor));
    const by = width / view.width;
    view = { x: at.x - (at.x - view.x) * by, y: at.y - (at.y - view.y) * by, width, height: view.height * by };
    show();
  };
  const centre = () => ({ x: view.x + view.width / 2, y: view.y + view.height / 2 });
  const fit = () => { view = { x: 0, y: 0, ...size }; show(); };

  stage.addEventListener("wheel", (event) => {
    event.preventDefault();
    const step = Math.max(-60, Math.min(60, event.deltaY));
    zoom(Math.exp(step * 0.004), pointAt(event.clientX, event.clientY));
  }, { passive: false });

  const pointers = new Map();
  let moved = 0;
  stage.addEventListener("pointerdown", (event) => {
    pointers.set(event.pointerId, event);
    moved = 0;
  });
  stage.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (before === undefined) return;
    moved += Math.abs(event.clientX - before.clientX) + Math.abs(event.clientY - before.clientY);
    if (moved < 4) return;
    if (!stage.hasPointerCapture(event.pointerId)) stage.setPointerCapture(event.pointerId);
    stage.classList.add("moving");
    const others = [...pointers.values()].filter((one) => one.pointerId !== event.pointerId);
    if (others.length > 0) {
      const apart = (one) => Math.hypot(one.clientX - others[0].clientX, one.clientY - others[0].clientY);
      zoom(apart(before) / Math.max(1, apart(event)), pointAt(others[0].clientX, others[0].clientY));
    } else {
      const by = scale();
      view.x -= (event.clientX - before.clientX) * by;
      view.y -= (event.clientY - before.clientY) * by;
      show();
    }
    pointers.set(event.pointerId, event);
  });
  const release = (event) => {
    pointers.delete(event.pointerId);
    if (pointers.size === 0) stage.classList.remove("moving");
  };
  stage.addEventListener("pointerup", release);
  stage.addEventListener("pointercancel", release);
  stage.addEventListener("click", (event) => {
    if (moved >= 4) return;
    const entity = event.target.closest(".entity");
    if (entity === null) close();
    else choose(entity.id, false);
  });
  document.getElementById("in").onclick = () => zoom(0.75, centre());
  document.getElementById("out").onclick = () => zoom(1 / 0.75, centre());
  document.getElementById("fit").onclick = fit;

  const element = (name, text, className) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (className !== undefined) made.className = className;
    return made;
  };
  const close = () => {
    panel.hidden = true;
    for (const one of svg.querySelectorAll(".chosen, .near")) one.classList.remove("chosen", "near");
    history.replaceState(null, "", location.pathname + location.search);
  };
  const choose = (id, go) => {
    const entity = byId.get(id);
    if (entity === undefined) return;
    close();
    const drawn = document.getElementById(id);
    drawn.classList.add("chosen");
    drawn.parentNode.append(drawn);
    for (const line of svg.querySelectorAll(".link")) {
      if (line.dataset.from === id || line.dataset.to === id) line.classList.add("near");
    }
    if (go) {
      const box = drawn.getBBox();
      const at = drawn.transform.baseVal.consolidate().matrix;
      const width = Math.max(900, box.width * 2.2);
      const height = width * stage.clientHeight / stage.clientWidth;
      // the panel covers the right side
      const covered = Math.min(440, stage.clientWidth * 0.9) / 2 * width / stage.clientWidth;
      view = { x: at.e + box.width / 2 + covered - width / 2, y: at.f + Math.min(box.height, height * 0.9) / 2 - height / 2, width, height };
      show();
    }
    fill(entity);
    history.replaceState(null, "", "#" + encodeURIComponent(entity.title));
  };
  const fill = (entity) => {
    panel.replaceChildren();
    const shut = element("button", "×", "close");
    shut.onclick = close;
    shut.title = "Close ( Esc )";
    panel.append(shut, element("h2", entity.title), element("small", entity.kind));
    if (entity.comment !== null) panel.append(element("p", entity.comment));
    const table = element("table");
    for (const column of entity.columns) {
      const row = element("tr");
      const marks = [column.primary && "PK", column.foreign && "FK", column.unique && "UK"].filter(Boolean).join(" ");
      const type = element("td");
      type.append(element("div", column.type + (column.notNull ? "" : " null")));
      if (column.comment !== null) type.append(element("small", column.comment));
      row.append(element("td", column.name), type, element("td", marks));
      table.append(row);
    }
    panel.append(table);
    list("References", links.filter((link) => link.from === entity.id), (link) => link.to, (link) => link.columns.join(", "));
    list("Referenced by", links.filter((link) => link.to === entity.id), (link) => link.from, (link) => link.columns.join(", "));
    panel.hidden = false;
    panel.scrollTop = 0;
  };
  const list = (title, some, other, by) => {
    if (some.length === 0) return;
    panel.append(element("h3", title));
    for (const link of some) {
      const line = element("div");
      const to = element("a", byId.get(other(link)).title);
      to.onclick = () => choose(other(link), true);
      line.append(to, " ", element("small", by(link)));
      panel.append(line);
    }
  };

  const look = () => {
    const words = search.value.trim().toLowerCase();
    found.replaceChildren();
    found.hidden = words === "";
    if (words === "") return;
    const tables = entities.filter((one) => one.title.toLowerCase().includes(words))
      .sort((a, b) => a.title.length - b.title.length).map((one) => [one, null]);
    const columns = entities.flatMap((one) =>
      one.columns.filter((column) => column.name.toLowerCase().includes(words)).map((column) => [one, column.name]));
    for (const [one, column] of [...tables, ...columns].slice(0, 60)) {
      const line = element("li", column === null ? one.title : column);
      if (column !== null) line.append(" ", element("small", one.title));
      line.onclick = () => { found.hidden = true; choose(one.id, true); };
      found.append(line);
    }
    if (found.children.length === 0) found.append(element("li", "Nothing is named so"));
    else found.children[0].classList.add("on");
  };
  search.addEventListener("input", look);
  search.addEventListener("focus", look);
  document.addEventListener("click", (event) => {
    if (!found.contains(event.target) && event.target !== search) found.hidden = true;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { search.blur(); found.hidden = true; close(); return; }
    if (document.activeElement === search) {
      const on = found.querySelector(".on");
      if (on === null) return;
      if (event.key === "Enter") { on.click(); search.blur(); }
      const next = event.key === "ArrowDown" ? on.nextSibling : event.key === "ArrowUp" ? on.previousSibling : null;
      if (next === null) return;
      event.preventDefault();
      on.classList.remove("on");
      next.classList.add("on");
      next.scrollIntoView({ block: "nearest" });
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") { event.preventDefault(); search.focus(); }
    if (event.key === "+") zoom(0.75, centre());
    if (event.key === "-") zoom(1 / 0.75, centre());
    if (event.key === "0") fit();
  });
  const wanted = decodeURIComponent(location.hash.slice(1));
  const first = entities.find((one) => one.title === wanted);
  if (first !== undefined) choose(first.id, true);
})();
`;
