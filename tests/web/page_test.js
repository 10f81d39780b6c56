// The lab page in a real browser, served by a real broker, beside a real bridge.
"use strict";

const assert = require("node:assert");
const fs = require("node:fs");
const path = require("node:path");
const test = require("node:test");

const {Lab, launchBrowser, kProject, waitUntil} = require("./lab.js");

const kTriton = {"PT1 Plate T": [48.2, "K"], "PT2 Plate T": [3.1, "K"], "Still T": [0.85, "K"],
                 "MC RuO2 T": [0.0101, "K"], "P2 Condense": [310, "mBar"], "Output Water": [24.1, "C"]};

const kBluefors = {"50K T": [46.9, "K"], "4K T": [3.6, "K"], "Still T": [0.92, "K"], "MXC T": [0.0087, "K"],
                   "P2": [0.04, "mBar"], "P5": [802, "mBar"]};

test("the lab page", async (t) => {
  const lab = new Lab();
  const wrong = [];
  let browser;

  async function open(options = {}) {
    const context = await browser.newContext({viewport: {width: 1280, height: 800}, locale: "en-GB", ...options});
    const page = await context.newPage();
    page.setDefaultTimeout(15000);
    page.on("pageerror", (error) => wrong.push(error.message));
    await page.goto(`http://127.0.0.1:${lab.webPort}/index.html`);
    await page.waitForSelector("#warnings p", {state: "detached"});
    return page;
  }
  const count = (page) => page.textContent("#count");
  const shoot = (page, name) => page.screenshot({path: path.join(lab.folder, name + ".png")});

  try {
    await lab.start();
    browser = await launchBrowser();
    const page = await open();

    await t.test("a quiet lab says so", async () => {
      await lab.fridge("triton1", kTriton);
      await page.waitForSelector(".card >> text=triton1");
      await page.waitForSelector(".card .state >> text=online");
      await page.waitForSelector(".card .phase >> text=base");
      assert.equal(await count(page), "No alarm");
      await waitUntil(async () => /^10\.1\smK$/.test(
        await page.textContent(".channels li:has-text('MC RuO2') .value")), "the newest value is shown");
      assert.ok(await page.locator(".spark canvas").count() >= 6);
    });

    await t.test("an alarm appears with what to do", async () => {
      await lab.fridge("triton2", kTriton);
      await lab.alarm("triton1", "water_out_hi", "active");
      await lab.alarm("triton2", "water_out_hi", "active", {text: "Too warm <img src=x onerror=alert(1)>"});
      await page.waitForSelector(".alarm.critical >> text=Look at the chiller");
      await waitUntil(async () => (await count(page)) === "2", "both alarms are counted");
      assert.equal(await page.locator(".alarm img").count(), 0, "payload text is never markup");
      assert.match(await page.textContent(".alarm >> nth=0"), /31\.4/);
      await lab.alarm("triton2", "water_out_hi", "active");
      await page.waitForSelector(".alarm >> text=onerror", {state: "detached"});
    });

    await t.test("what was delivered is shown", async () => {
      await page.waitForSelector("#deliveries li.good >> text=screen");
    });

    await t.test("acknowledging asks for a name once and is seen by everybody", async () => {
      const answers = ["Ada", "on my way"];
      page.on("dialog", (dialog) => dialog.accept(answers.shift() ?? dialog.defaultValue()));
      const heard = lab.heard("_bridge/main/book/triton1/water_out_hi",
                              (payload) => payload && JSON.parse(payload).state === "acknowledged");
      await page.click(".alarm:has-text('triton1') >> text=Acknowledge");
      assert.equal(JSON.parse(await heard).acknowledged_by, "Ada");
      const other = await open();
      await other.waitForSelector(".alarm.calm:has-text('triton1') >> text=acknowledged by Ada");
      await other.context().close();
      assert.equal(await page.evaluate(() => localStorage.getItem("coldwatch-name")), "Ada");
    });

    await t.test("shelving wants a reason", async () => {
      const answers = [undefined, "chiller is being replaced"];
      page.removeAllListeners("dialog");
      page.on("dialog", (dialog) => dialog.accept(answers.shift() ?? dialog.defaultValue()));
      await page.click(".alarm:has-text('triton2') >> text=/Shelve 4/");
      await page.waitForSelector(".alarm.calm:has-text('triton2') >> text=/shelved until/");
    });

    await t.test("it is readable on a phone, in the dark, and in Chinese", async () => {
      const phone = await open({viewport: {width: 390, height: 844}, colorScheme: "dark", locale: "zh-CN"});
      await phone.waitForSelector(".alarm >> text=确认");
      assert.equal(await phone.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
      const back = await phone.evaluate(() => getComputedStyle(document.body).backgroundColor);
      assert.equal(back, "rgb(16, 23, 29)");
      for (const button of await phone.locator("button:visible").all()) {
        assert.ok((await button.boundingBox()).height >= 36, "a finger must hit it");
      }
      await phone.click("#language");
      await phone.waitForSelector("text=Shelve 4");
      await lab.fridge("triton1", kTriton);
      await phone.waitForSelector(".card:has-text('triton1') .spark canvas");
      await shoot(phone, "phone");
      await phone.context().close();
    });

    await lab.fridge("bluefors1", kBluefors);
    await page.waitForSelector(".card:has-text('bluefors1') .spark canvas");
    await shoot(page, "wide");

    await t.test("an end leaves the list", async () => {
      await lab.alarm("triton1", "water_out_hi", "normal");
      await lab.alarm("triton2", "water_out_hi", "normal");
      await waitUntil(async () => (await count(page)) === "No alarm", "no alarm is left");
    });

    await t.test("a vanished agent, bridge or broker is said in words", async () => {
      await lab.say("triton1/status", "offline");
      await page.waitForSelector(".card.gone >> text=agent offline");
      lab.bridge.kill("SIGKILL");
      await page.waitForSelector("#warnings >> text=The bridge main is silent");
      await lab.startBridge();
      await page.waitForSelector("#warnings >> text=The bridge main", {state: "detached"});
      lab.broker.kill("SIGKILL");
      await page.waitForSelector("#warnings >> text=The broker cannot be reached");
      assert.ok(await page.evaluate(() => document.body.classList.contains("old")));
      await lab.startBroker();
      await page.waitForSelector("#warnings >> text=The broker", {state: "detached"});
    });

    await t.test("curves survive a reload", async () => {
      await page.reload();
      await lab.info("triton1", kTriton);
      await page.waitForSelector(".card:has-text('triton1') .spark canvas");
    });

    assert.deepEqual(wrong, []);
    if (process.env.COLDWATCH_SCREENSHOTS) {
      for (const name of ["wide", "phone"]) {
        fs.copyFileSync(path.join(lab.folder, name + ".png"), path.join(kProject, "docs", `page-${name}.png`));
      }
    }
  } finally {
    if (browser) await browser.close();
    lab.stop();
  }
});
