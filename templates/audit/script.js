/* What a page can do more where scripts run: long tables can be sorted, the contents follow the reader, and only what
   overflows takes the keyboard's focus. Without it nothing is missing. It reads and writes this page alone. */
(() => {
  "use strict";

  const keyOf = (cell) => (cell.dataset.v === undefined ? cell.textContent.trim() : Number(cell.dataset.v));

  const compare = (order) => (one, other) => {
    const first = one.key, second = other.key;
    if (typeof first === "number" && typeof second === "number") return order * (first - second);
    if (typeof first !== typeof second) return typeof first === "number" ? -1 : 1;
    return order * first.localeCompare(second, document.documentElement.lang, { numeric: true });
  };

  const sortBy = (table, heads, column, direction) => {
    const body = table.tBodies[0];
    const rows = table.auditRows ??= [...body.rows];
    const keyed = rows.map((row) => ({ row, key: keyOf(row.cells[column]) }));
    if (direction !== "none") keyed.sort(compare(direction === "ascending" ? 1 : -1));
    body.append(...keyed.map((one) => one.row));
    heads.forEach((head, place) => head.setAttribute("aria-sort", place === column ? direction : "none"));
  };

  const NEXT = { none: "ascending", ascending: "descending", descending: "none" };
  for (const table of document.querySelectorAll("table[data-sortable]")) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      if (!head.textContent.trim()) return;
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      button.addEventListener("click", () => {
        sortBy(table, heads, column, NEXT[head.getAttribute("aria-sort") ?? "none"]);
      });
      head.append(button);
      head.setAttribute("aria-sort", "none");
    });
  }

  const links = new Map();
  for (const link of document.querySelectorAll(".contents a")) {
    const goal = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (goal) links.set(goal, link);
  }
  const goals = [...links.keys()];
  let current = null;
  const follow = () => {
    const edge = Math.min(innerHeight / 3, 240);
    const passed = goals.filter((goal) => goal.getBoundingClientRect().top <= edge);
    const atEnd = scrollY > 0 && innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
    const next = links.get(atEnd ? goals.at(-1) : passed.at(-1)) ?? null;
    if (next === current) return;
    current?.removeAttribute("aria-current");
    current = next;
    current?.setAttribute("aria-current", "location");
    const list = current?.closest("nav");
    if (list && list.scrollHeight > list.clientHeight) {
      const place = current.getBoundingClientRect(), frame = list.getBoundingClientRect();
      if (place.top < frame.top || place.bottom > frame.bottom) {
        list.scrollTop += place.top - frame.top - list.clientHeight / 2;
      }
    }
  };
  let waiting = false;
  const soon = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; follow(); });
  };
  addEventListener("scroll", soon, { passive: true });

  const reachable = () => {
    for (const box of document.querySelectorAll(".scroll")) {
      if (box.scrollWidth > box.clientWidth + 1) box.setAttribute("tabindex", "0");
      else box.removeAttribute("tabindex");
    }
  };
  addEventListener("resize", () => { reachable(); soon(); });
  document.addEventListener("toggle", reachable, true);
  document.fonts?.ready.then(() => { reachable(); follow(); });
  reachable();
  follow();
})();
