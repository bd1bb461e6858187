// SPDX-License-Identifier: GPL-2.0-only
// A report in a real browser: node report.mjs CHROMIUM MODULES PAGE.html [SHOT.png]
// Prints TAP lines without numbers. Figures are held against the page's document.
import { createRequire } from "node:module";
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [chromium, modules, path, shot] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${modules}/`));
const { chromium: engine } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const url = pathToFileURL(path).href;
let failed = 0;

function check(good, name, seen) {
	console.log(`${good ? "ok" : "not ok"} - ${name}`);
	if (!good) {
		failed++;
		if (seen !== undefined)
			console.log(`# ${JSON.stringify(seen).slice(0, 600)}`);
	}
}

const same = (a, b, name) =>
	check(JSON.stringify(a) === JSON.stringify(b), name, { seen: a, wanted: b });

const html = readFileSync(path, "utf8");
const data = html.match(/<script type="application\/json" id="mmkit-report">\n(.*)\n<\/script>/);
const parts = JSON.parse(data[1]).result.parts;
const result = (id) => {
	const part = parts.find((p) => p.id === id);
	return part && part.document ? part.document.result : null;
};
const now = result("now"), map = result("map"), who = result("who");

const browser = await engine.launch({ executablePath: chromium, args: ["--no-sandbox"] });

// A page that notes what it complains of and asks for.
async function open(options, where = url) {
	const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
	const page = await context.newPage();
	page.setDefaultTimeout(15000);
	page.complaints = [];
	page.on("console", (m) => {
		if (["error", "warning"].includes(m.type()))
			page.complaints.push(m.text());
	});
	page.on("pageerror", (e) => page.complaints.push(String(e)));
	page.on("request", (r) => {
		if (r.url() !== where)
			page.complaints.push(`asked for ${r.url()}`);
	});
	await page.goto(where);
	return page;
}

async function sections(page, how) {
	const wanted = ["answers", "memory", "zones", "caches", "processes", "boot", "paging", "labs"];
	const seen = await page.$$eval("main > section", (all) =>
		all.filter((s) => s.getClientRects().length && s.querySelector("h2")).map((s) => s.id));
	check(wanted.every((id) => seen.includes(id)), `${how}: every section is there`, seen);
	const links = await page.$$eval("nav a", (all) =>
		all.map((a) => document.querySelector(a.getAttribute("href")) !== null));
	check(links.length === seen.length && links.every(Boolean), `${how}: and a way to each`, links);
}

async function figures(page) {
	const tiles = await page.$$eval(".tiles dd", (all) => all.map((d) => [d.dataset.key, d.textContent]));
	const inBytes = (text) => {
		const [, n, unit] = text.match(/^([\d.]+) ?([KMGT]?)/);
		return Number(n) * 1024 ** " KMGT".indexOf(unit || " ");
	};
	const near = (a, b) => Math.abs(a - b) <= b * 0.06 + 1;
	check(tiles.length === 8 && tiles.every(([k, t]) => near(inBytes(t), now.memory[k])),
		"figures: memory is the document's", tiles);
	same(await page.$$eval(".orders tbody tr", (rows) => rows.map((r) =>
		[...r.querySelectorAll("td span")].map((s) => Number(s.textContent)))),
	now.zones.map((z) => z.nr_free), "figures: free blocks are the document's");
	same(await page.$$eval("#all-caches tbody tr", (rows) => Object.fromEntries(rows.map((r) =>
		[r.querySelector("th").textContent, [...r.querySelectorAll("td")].map((d) => Number(d.textContent))]))),
	Object.fromEntries([...now.caches].sort((a, b) => b.unused - a.unused).map((c) =>
		[c.cache, [c.active, c.objects, c.object_bytes, c.slabs, c.bytes, c.unused]])),
	"figures: caches are the document's, the worst first");
	// The drawing that is there without scripts: the legend counts cells.
	const legend = await page.$eval("#part-map figure, #part-map", (box) =>
		[...box.querySelectorAll("svg:not(#zoomed) text")].map((t) => t.textContent));
	const cells = {};
	for (const cell of map.cells)
		cells[cell.state] = (cells[cell.state] || 0) + 1;
	check(Object.entries(cells).every(([state, n]) => legend.includes(`${state} ${n}`)),
		"figures: the drawn map has as many cells of each state as the document", cells);
	let pages = 0;
	for (const [units] of map.runs.list)
		pages += units;
	check(map.runs.pages_each === 1 && pages === map.to - map.from,
		"figures: the runs are of every page", pages);
	const sums = new Array(map.runs.states.length).fill(0);
	for (const [units, state] of map.runs.list)
		sums[state] += units;
	check(map.states.every((s) => sums[map.runs.states.indexOf(s.state)] === s.pages),
		"figures: and sum up to the states", sums);
}

const cell = (page) => page.textContent("#cell");
const each = (page) => page.$eval("#zoomed", (s) => Number(s.dataset.each));

function stateOf(pfn) {
	let at = map.from;
	for (const [units, state] of map.runs.list) {
		at += units;
		if (pfn < at)
			return map.runs.states[state];
	}
	return null;
}

async function memoryMap(page) {
	await page.locator("#zoomed").scrollIntoViewIfNeeded();
	await page.hover('#zoomed rect[data-cell="100"]');
	const first = map.from + 100 * await each(page);
	check((await cell(page)).startsWith(`page frame 0x${first.toString(16)} `),
		"map: the pointer tells of a cell", await cell(page));
	const most = await each(page);
	await page.click('button[aria-label="zoom in"]');
	check(await each(page) < most, "map: a button zooms in", await each(page));
	while (await each(page) > 1)
		await page.click('button[aria-label="zoom in"]');
	const pfn = Number((await cell(page)).match(/page frame (0x[0-9a-f]+),/)[1]);
	check((await cell(page)).includes(`${stateOf(pfn)}: 1`), "map: down to single pages", await cell(page));
	await page.focus("#zoomed");
	await page.keyboard.press("ArrowRight");
	check((await cell(page)).startsWith(`page frame 0x${(pfn + 1).toString(16)},`),
		"map: keys move", await cell(page));
	await page.keyboard.press("Home");
	same(await each(page), most, "map: and show all again");
	const owner = who.mappings.find((m) => m.name && m.runs.length);
	await page.fill("#go", `0x${owner.runs[0][0].toString(16)}`);
	await page.keyboard.press("Enter");
	check((await cell(page)).includes(`${owner.command} (${owner.pid}), ${owner.kind}`),
		"map: it tells who maps a page", [owner.name, await cell(page)]);
}

async function choices(page, section, name) {
	const select = page.locator(`${section} .chooser select`);
	const count = await select.locator("option").count();
	await select.selectOption({ index: count - 1 });
	const open = await page.$$eval(`${section} .choices > details`, (all) =>
		all.map((d) => d.getClientRects().length > 0 && d.open));
	check(count > 1 && open.filter(Boolean).length === 1 && open[count - 1],
		`${name}: one of ${count} is chosen and seen`, open);
}

async function accessible(page, name) {
	await page.$$eval("details", (all) => all.forEach((d) => { d.open = true; }));
	await page.evaluate(axe);
	const found = await page.evaluate(() => globalThis.axe.run(document, {
		resultTypes: ["violations"],
		runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
	}));
	check(found.violations.length === 0, `accessibility: ${name}`,
		found.violations.map((v) => [v.id, v.nodes.length, v.nodes[0].html.slice(0, 120),
			v.nodes[0].failureSummary]));
}

async function fits(page, width) {
	await page.setViewportSize({ width, height: 800 });
	const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
	check(over <= 0, `it fits ${width} pixels`, over);
}

const page = await open({ colorScheme: "light" });
await page.waitForSelector("html[data-ready]");
if (shot)
	await page.screenshot({ path: shot });
await sections(page, "scripts");
await figures(page);
await memoryMap(page);
if (shot)
	await page.screenshot({ path: shot.replace(".png", "-map.png") });
await choices(page, "#processes", "processes");
await choices(page, "#caches", "caches");
await fits(page, 1200);
await fits(page, 420);
await accessible(page, "light");
await page.emulateMedia({ media: "print" });
check(await page.$$eval("details", (all) => all.every((d) => d.lastElementChild.getClientRects().length)) &&
	!(await page.isVisible("nav")), "on paper everything is open, and the navigation is gone");
same(page.complaints, [], "no error on the console, and nothing asked for");

const dark = await open({ colorScheme: "dark" });
await dark.waitForSelector("html[data-ready]");
if (shot)
	await dark.screenshot({ path: shot.replace(".png", "-dark.png") });
await accessible(dark, "dark");
same(dark.complaints, [], "nor in the dark");

// Of a large memory not every page was looked at: there are cells, and no runs.
const coarse = `${path}.coarse.html`;
const few = JSON.parse(data[1]);
few.result.parts.find((p) => p.id === "map").document.result.runs = null;
writeFileSync(coarse, html.replace(data[1], () => JSON.stringify(few).replaceAll("<", "\\u003c")));
const cells = await open({}, pathToFileURL(coarse).href);
await cells.hover('#zoomed rect[data-cell="100"]');
check((await cell(cells)).includes(`\nmostly ${map.cells[100].state}\n`) &&
	await cells.isDisabled('button[aria-label="zoom in"]'),
	"without runs the cells are told of, and are the finest", await cell(cells));
same(cells.complaints, [], "without a complaint");

const plain = await open({ javaScriptEnabled: false });
await sections(plain, "no scripts");
check(await plain.isVisible("#part-map svg") && !(await plain.$("#zoomed")), "no scripts: the map is drawn");
const last = plain.locator("#processes details.choice").last();
await last.locator(":scope > summary").click();
check(await last.locator("svg").first().isVisible(), "no scripts: a process can be opened");
await browser.close();
process.exit(failed ? 1 : 0);
