// The lab page's model: what a stream of messages adds up to.
"use strict";

const assert = require("node:assert");
const test = require("node:test");

const page = require("../../deploy/web/model.js");

const kNow = Date.parse("2026-01-02T03:04:05Z");

function fed(...messages) {
  const model = page.newModel();
  model.connected = true;
  for (const [topic, payload, at] of messages) {
    page.takeMessage(model, "coldwatch/lab/" + topic,
                     typeof payload === "string" ? payload : JSON.stringify(payload), at ?? kNow);
  }
  return model;
}

const alarm = (extra) => ({state: "active", severity: "warning", text: "x",
                           since: "2026-01-02T03:00:00.000Z", ...extra});

test("alarms stand worst first, oldest first", () => {
  const model = fed(
    ["_bridge/main/book/f1/a", alarm({state: "unacknowledged"})],
    ["_bridge/main/book/f2/a", alarm({state: "acknowledged", severity: "critical"})],
    ["_bridge/main/book/f3/a", alarm({state: "unacknowledged", since: "2026-01-02T02:00:00.000Z"})]);
  assert.deepEqual(page.openAlarms(model).map((one) => one.fridge), ["f2", "f3", "f1"]);
});

test("of two bridges the one that lives counts", () => {
  const entry = (bridge, state) => ["_bridge/" + bridge + "/book/f1/a", state && alarm({state})];
  const both = [["_bridge/main/status", "online"], ["_bridge/second/status", "online"],
                entry("main", "unacknowledged"), entry("second", "unacknowledged")];
  const bridges = (...more) => page.openAlarms(fed(...both, ...more)).map((one) => one.bridge);
  assert.deepEqual(bridges(), ["main"]);
  assert.deepEqual(bridges(["_bridge/main/status", "offline"]), ["second"]);
  assert.deepEqual(bridges(["_bridge/main/status", "offline"], entry("second", "")), []);
  assert.deepEqual(bridges(["_bridge/main/status", "offline"], ["_bridge/second/status", "offline"],
                           entry("second", "")), ["main"]);
});

test("an alarm leaves when the book forgets it or calls it normal", () => {
  const begun = ["_bridge/main/book/f1/a", alarm({state: "unacknowledged"})];
  assert.equal(page.openAlarms(fed(begun)).length, 1);
  assert.equal(page.openAlarms(fed(begun, ["_bridge/main/book/f1/a", ""])).length, 0);
  assert.equal(page.openAlarms(fed(begun, ["_bridge/main/book/f1/a", alarm({state: "normal"})])).length, 0);
});

test("without a bridge the agents' own alarms are shown, with one not twice", () => {
  const model = fed(["f1/alarm/a", alarm()], ["f1/alarm/b", alarm({state: "normal"})],
                    ["f1/alarm/c", alarm({kind: "notice"})], ["f1/alarm/d", alarm({state: "unknown"})]);
  assert.deepEqual(page.openAlarms(model).map((one) => one.rule), ["a"]);
  page.takeMessage(model, "coldwatch/lab/_bridge/main/book/f1/a",
                   JSON.stringify(alarm({state: "acknowledged"})), kNow);
  assert.deepEqual(page.openAlarms(model).map((one) => one.state), ["acknowledged"]);
});

test("a vanished source is never shown as healthy", () => {
  const health = ["f1/health", {row_age_s: 5, log: "live"}];
  const condition = (model, now = kNow) => page.conditionOf(model.fridges["lab/f1"], now);
  assert.equal(condition(fed(["f1/status", "online"], health)), "online");
  assert.equal(condition(fed(["f1/status", "offline"], health)), "offline");
  assert.equal(condition(fed(["f1/status", "online"], health), kNow + 91000), "silent");
  for (const [log, shown] of [["stale", "logStale"], ["missing", "logMissing"], ["unreadable", "logUnreadable"]]) {
    assert.equal(condition(fed(["f1/status", "online"], ["f1/health", {log}])), shown);
  }
  assert.equal(condition(fed(["f1/info", {}])), null);
});

test("the age of the newest row goes on while nothing is heard", () => {
  const model = fed(["f1/health", {row_age_s: 5}]);
  assert.equal(page.rowAgeSeconds(model.fridges["lab/f1"], kNow + 10000), 15);
  assert.equal(page.rowAgeSeconds(fed(["f1/info", {}]).fridges["lab/f1"], kNow), null);
});

test("what stands between an alarm and a person is said", () => {
  const said = (model, now = kNow) => page.warnings(model, now).map((one) => one.kind);
  assert.deepEqual(said(fed()), ["noBridge"]);
  const alive = [["_bridge/main/status", "online"], ["_bridge/main/health", {}]];
  assert.deepEqual(said(fed(...alive)), []);
  assert.deepEqual(said(fed(...alive), kNow + 91000), ["bridgeLost"]);
  assert.deepEqual(said(fed(...alive, ["_bridge/main/status", "offline"])), ["bridgeLost"]);
  assert.deepEqual(said(fed(...alive, ["_bridge/main/status", "offline"], ["_bridge/two/status", "online"])), []);
  const lost = fed(...alive);
  Object.assign(lost, {connected: false, lostSince: kNow});
  assert.deepEqual(said(lost), ["brokerLost"]);
});

test("hostile payloads change nothing", () => {
  for (const payload of ["", "{", "null", "[]", "1", "\"x\"", "\uFFFD"]) {
    for (const topic of ["f1/info", "f1/health", "f1/live", "f1/alarm/a", "_bridge/main/delivery",
                         "_bridge/main/book/f1/a", "_bridge/main/book/f1", "f1"]) {
      const model = fed([topic, payload]);
      assert.equal(page.openAlarms(model).length, 0);
      assert.equal(model.deliveries.length, 0);
    }
  }
});

test("a channel may be named like anything", () => {
  const model = fed(["f1/live", '{"t":"2026-01-02T03:04:05.000Z","constructor":1,"__proto__":2,"toString":3}'],
                    ["constructor/alarm/toString", alarm()]);
  assert.equal(model.fridges["lab/f1"].history.constructor.length, 1);
  assert.equal(page.openAlarms(model).length, 1);
});

test("curves keep a point a minute, the newest exact, and are bounded", () => {
  const series = [];
  for (let second = 0; second < 3600; ++second) page.addPoint(series, second, second);
  assert.equal(series.at(-1)[0], 3599);
  assert.ok(series.length >= 60 && series.length <= 62, String(series.length));
  page.addPoint(series, 10, 0);
  assert.equal(series.at(-1)[0], 3599, "a row of the past is not drawn as now");
  for (let minute = 60; minute < 3000; ++minute) page.addPoint(series, minute * 60, 1);
  assert.equal(series.length, page.kKeptPoints);
});

test("channels worth a look come first, those without a value last", () => {
  const channels = [{key: "i", name: "I", quantity: "current"}, {key: "p", name: "P", quantity: "pressure"},
                    {key: "t", name: "T", quantity: "temperature"}, {key: "t0", name: "T0", quantity: "temperature"}];
  const model = fed(["f1/info", {channels}], ["f1/live", {t: "2026-01-02T03:04:05.000Z", i: 1, p: 2, t: "x", t1: 3}]);
  assert.deepEqual(page.channelsOf(model.fridges["lab/f1"]).map((one) => one.key), ["p", "i", "t1", "t", "t0"]);
});

test("both languages have the same words", () => {
  const {coldwatchTexts, fillText} = require("../../deploy/web/texts.js");
  const shape = (value) => (typeof value === "string" ? [...value.matchAll(/\{\w+\}/g)].map(String).sort()
    : Object.fromEntries(Object.keys(value).sort().map((key) => [key, shape(value[key])])));
  assert.deepEqual(shape(coldwatchTexts.zh), shape(coldwatchTexts.en));
  assert.equal(fillText("{a} and {b}", {a: "<b>"}), "<b> and {b}");
});
