// SPDX-License-Identifier: GPL-2.0-only
// A picture of a page: node shot.mjs CHROMIUM MODULES PAGE.html SHOT.png
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [chromium, modules, path, shot] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${modules}/`));
const { chromium: engine } = require("playwright-core");
const browser = await engine.launch({ executablePath: chromium, args: ["--no-sandbox"] });
const page = await browser.newPage({ viewport: { width: 1120, height: 1500 }, colorScheme: "light" });

await page.goto(pathToFileURL(path).href);
await page.waitForSelector("html[data-ready]");
await page.screenshot({ path: shot });
await browser.close();
