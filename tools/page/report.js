// SPDX-License-Identifier: GPL-2.0-only
// What a report's page does beyond being read: one process or cache of many is
// chosen, and the memory map is zoomed, down to single pages. All of it from the
// document in the page; nothing is fetched.
"use strict";
(() => {
	const SVG = "http://www.w3.org/2000/svg";
	const ACROSS = 64, DOWN = 32, CELLS = ACROSS * DOWN, SIZE = 12, LEFT = 96;
	const COLORS = {
		"free, order 0-3": "#9a9b2f", "free, order 4-8": "#17a2b8",
		"free, order 9 and up": "#2e8b57", "anonymous": "#1b6ca8",
		"page cache": "#6a4c93", "slab": "#e07a1f", "page table": "#d977b8",
		"kernel": "#edae49", "no flag, no reference": "#8c564b",
		"reserved": "#8a8f98", "this session's": "#d1495b", "hole": "none",
	};
	const report = JSON.parse(document.getElementById("mmkit-report").textContent).result;

	function found(id) {
		const part = report.parts.find((p) => p.id === id);
		return part && part.document ? part.document.result : null;
	}

	function element(name, text, attributes) {
		const node = document.createElement(name);
		if (text)
			node.textContent = text;
		for (const key in attributes || {})
			node.setAttribute(key, attributes[key]);
		return node;
	}

	function shape(name, attributes) {
		const node = document.createElementNS(SVG, name);
		for (const key in attributes)
			node.setAttribute(key, attributes[key]);
		return node;
	}

	function bytes(n) {
		const units = ["B", "KiB", "MiB", "GiB", "TiB"];
		let i = 0;
		for (; n >= 1024 && i < 4; i++)
			n /= 1024;
		return (Number.isInteger(n) ? n : n.toFixed(1)) + " " + units[i];
	}

	const hex = (n) => "0x" + n.toString(16);

	// One of several: a list to choose from instead of boxes to open.
	function chooser(box) {
		const choices = [...box.querySelectorAll(":scope > details.choice")];
		const label = element("label", box.dataset.label + " ");
		const select = element("select");
		const bar = element("div", "", { class: "chooser" });

		choices.forEach((choice, i) => {
			select.append(element("option", choice.querySelector("summary").textContent,
				{ value: i }));
		});
		function choose() {
			choices.forEach((choice, i) => {
				choice.hidden = i !== Number(select.value);
				choice.open = !choice.hidden;
			});
		}
		select.addEventListener("change", choose);
		label.append(select);
		bar.append(label);
		box.prepend(bar);
		choose();
	}

	// Of a memory too large to look at every page of, the cells are all there is.
	function cellRuns(map) {
		const states = Object.keys(COLORS);

		return {
			pages_each: map.pages_per_cell, states,
			list: map.cells.map((cell) => [1, states.indexOf(cell.state)]),
		};
	}

	// Runs of units of one state, and where each begins.
	function decode(runs, from) {
		const starts = [], states = [];
		let at = from;
		for (const [units, state] of runs.list) {
			starts.push(at);
			states.push(state);
			at += units * runs.pages_each;
		}
		starts.push(at);
		return { starts, states };
	}

	// The last of sorted numbers that is not above.
	function before(sorted, value) {
		let low = 0, high = sorted.length - 1;
		while (low < high) {
			const middle = (low + high + 1) >> 1;
			if (sorted[middle] <= value)
				low = middle;
			else
				high = middle - 1;
		}
		return low;
	}

	function mappers(who) {
		const runs = [];
		for (const mapping of who ? who.mappings : [])
			for (const [pfn, pages, address] of mapping.runs)
				runs.push({ pfn, pages, address, mapping });
		return runs.sort((a, b) => a.pfn - b.pfn);
	}

	function memoryMap(part) {
		const map = found("map");
		if (!map)
			return;
		const runs = map.runs && map.runs.list ? map.runs : cellRuns(map);
		const { starts, states } = decode(runs, map.from);
		const names = runs.states, end = map.to;
		const owners = mappers(found("who"));
		const tip = element("div", "", { id: "cell", role: "status", "aria-live": "polite" });
		const svg = shape("svg", {
			id: "zoomed", viewBox: `0 0 ${LEFT + ACROSS * SIZE} ${DOWN * SIZE}`,
			role: "application", tabindex: "0",
			"aria-label": "Memory map. Arrow keys move, plus and minus zoom, Home shows all.",
		});
		let from = map.from, each = 1, at = 0;
		let most = 1;
		while (most * CELLS < end - map.from)
			most *= 2;
		each = most;

		// How many pages of each state lie in a range.
		function counts(first, last) {
			const sums = {};
			for (let i = before(starts, first); i < states.length && starts[i] < last; i++) {
				const pages = Math.min(last, starts[i + 1]) - Math.max(first, starts[i]);
				if (pages > 0)
					sums[names[states[i]]] = (sums[names[states[i]]] || 0) + pages;
			}
			return sums;
		}

		function mostOf(sums) {
			let best = "hole";
			for (const name of names)
				if (name !== "hole" && sums[name] &&
				    (best === "hole" || sums[name] > sums[best]))
					best = name;
			return best;
		}

		function mapped(first, last) {
			const lines = [];
			let more = 0;
			for (const run of owners) {
				if (run.pfn >= last || run.pfn + run.pages <= first)
					continue;
				if (lines.length === 4) {
					more++;
					continue;
				}
				const skip = Math.max(0, first - run.pfn);
				lines.push(`mapped by ${run.mapping.command} (${run.mapping.pid}), ` +
					`${run.mapping.kind} ${run.mapping.name || ""} at ` +
					hex(run.address + skip * 4096));
			}
			if (more)
				lines.push(`and ${more} mappings more`);
			return lines.length ? lines.join("\n") : "mapped by no process";
		}

		function tell(cell) {
			const first = from + cell * each, last = Math.min(first + each, end);
			if (first >= end)
				return;
			const sums = counts(first, last);
			const parts = runs === map.runs ?
				Object.entries(sums).sort((a, b) => b[1] - a[1])
					.map(([name, pages]) => `${name}: ${pages}`) :
				[`mostly ${mostOf(sums)}`];
			tip.textContent = `page frame ${hex(first)}` +
				(each > 1 ? ` to ${hex(last - 1)}, ${bytes((last - first) * 4096)}` : "") +
				`, physical address ${hex(first * 4096)}\n${parts.join(", ")}\n` +
				mapped(first, last);
		}

		function cursor() {
			let box = svg.querySelector(".cursor");
			if (!box)
				box = svg.appendChild(shape("rect", { class: "cursor", width: SIZE, height: SIZE }));
			box.setAttribute("x", LEFT + at % ACROSS * SIZE);
			box.setAttribute("y", Math.floor(at / ACROSS) * SIZE);
		}

		function draw() {
			svg.replaceChildren();
			for (let row = 0; row < DOWN; row++) {
				const first = from + row * ACROSS * each;
				if (first >= end)
					break;
				const text = shape("text", { x: LEFT - 8, y: row * SIZE + 10, "text-anchor": "end" });
				text.textContent = row % 2 ? "" : hex(first);
				svg.append(text);
			}
			for (let cell = 0; cell < CELLS; cell++) {
				const first = from + cell * each;
				if (first >= end)
					break;
				svg.append(shape("rect", {
					x: LEFT + cell % ACROSS * SIZE, y: Math.floor(cell / ACROSS) * SIZE,
					width: SIZE - 1, height: SIZE - 1, "data-cell": cell,
					fill: COLORS[mostOf(counts(first, Math.min(first + each, end)))],
				}));
			}
			cursor();
			scale.textContent = each === 1 ? "a page a cell" :
				`${each} pages (${bytes(each * 4096)}) a cell`;
			less.disabled = each === most;
			closer.disabled = each <= runs.pages_each;
			svg.dataset.each = each;
			svg.dataset.from = from;
		}

		// To where a page frame is in sight, aligned to its row.
		function show(pfn) {
			const row = ACROSS * each;
			let start = map.from + Math.floor((pfn - map.from) / row) * row -
				Math.floor(DOWN / 2) * row;
			const last = map.from + Math.ceil((end - map.from) / row) * row - CELLS * each;
			start = Math.max(map.from, Math.min(start, last));
			from = start;
			at = Math.min(CELLS - 1, Math.max(0, Math.floor((pfn - from) / each)));
			draw();
			tell(at);
		}

		function zoom(to, pfn) {
			each = Math.max(runs.pages_each, Math.min(most, to));
			show(pfn === undefined ? from + at * each : pfn);
		}

		const here = () => Math.min(end - 1, from + at * each);

		function button(text, name, action) {
			const node = element("button", text, { type: "button", "aria-label": name });
			node.addEventListener("click", action);
			return node;
		}

		function move(step) {
			const pfn = here() + step * each;
			if (pfn < map.from || pfn >= end)
				return;
			if (pfn >= from && pfn < from + CELLS * each) {
				at += step;
				cursor();
				tell(at);
			} else {
				show(pfn);
			}
		}

		const closer = button("+", "zoom in", () => zoom(each / 4, here()));
		const less = button("\u2212", "zoom out", () => zoom(each * 4, here()));
		const all = button("all", "show all memory", () => zoom(most, map.from));
		const up = button("\u2191", "a screen up", () => show(Math.max(map.from, from - CELLS * each / 2)));
		const down = button("\u2193", "a screen down", () => show(Math.min(end - 1, from + CELLS * each * 1.5)));
		const go = element("input", "", { id: "go", type: "text", placeholder: "0x4000" });
		const label = element("label", "page frame ", { for: "go" });
		const scale = element("span", "", { class: "note", id: "scale" });
		const tools = element("div", "", { class: "tools" });

		go.addEventListener("change", () => {
			const pfn = Number(go.value);
			go.setAttribute("aria-invalid", !(pfn >= map.from && pfn < end));
			if (pfn >= map.from && pfn < end)
				zoom(each > 16 ? 1 : each, pfn);
		});
		svg.addEventListener("pointermove", (event) => {
			const cell = event.target.dataset ? event.target.dataset.cell : undefined;
			if (cell !== undefined) {
				at = Number(cell);
				cursor();
				tell(at);
			}
		});
		svg.addEventListener("dblclick", () => zoom(each / 4, here()));
		svg.addEventListener("wheel", (event) => {
			if (!event.ctrlKey && document.activeElement !== svg)
				return;	// the page is scrolled
			event.preventDefault();
			zoom(event.deltaY < 0 ? each / 2 : each * 2, here());
		}, { passive: false });
		svg.addEventListener("keydown", (event) => {
			const keys = {
				ArrowLeft: () => move(-1), ArrowRight: () => move(1),
				ArrowUp: () => move(-ACROSS), ArrowDown: () => move(ACROSS),
				PageUp: () => move(-CELLS / 2), PageDown: () => move(CELLS / 2),
				Home: () => zoom(most, map.from), "+": () => zoom(each / 4, here()),
				"=": () => zoom(each / 4, here()), "-": () => zoom(each * 4, here()),
			};
			if (keys[event.key]) {
				event.preventDefault();
				keys[event.key]();
			}
		});
		label.append(go);
		tools.append(closer, less, all, up, down, label, scale);
		const figure = part.querySelector("svg");
		const legend = element("ul", "", { class: "legend" });
		for (const row of map.states) {
			const item = element("li");
			const box = element("span");
			box.style.background = COLORS[row.state] === "none" ? "transparent" : COLORS[row.state];
			item.append(box, `${row.state} ${row.pages}`);
			legend.append(item);
		}
		figure.hidden = true;	// the drawing that is there without scripts
		figure.style.display = "none";
		figure.before(tools, svg, legend, tip);
		zoom(most, map.from);
		tip.textContent = "Point at a cell, or move to it with the arrow keys. Double-click or + zooms in; the wheel does while the map has the focus.";
	}

	document.querySelectorAll(".choices").forEach(chooser);
	const part = document.getElementById("part-map");
	if (part)
		memoryMap(part);
	// On paper everything is open.
	addEventListener("beforeprint", () => {
		document.querySelectorAll("details").forEach((d) => { d.open = true; });
	});
	document.documentElement.dataset.ready = "yes";
})();
