// What the messages add up to, without a page: every function takes the time as an argument and none
// touches the document, so that node can test it.
"use strict";

const kSilentAfterMs = 90000;      // three heartbeats
const kKeptDeliveries = 30;
const kKeptPoints = 720;           // half a day at a point a minute
const kPointEveryMs = 60000;
const kSeverityRank = {critical: 0, warning: 1, info: 2};

/// A map by names that others choose: "constructor" is a name like any other.
function newMap() {
  return Object.create(null);
}

function newModel() {
  return {connected: false, lostSince: null, fridges: newMap(), bridges: newMap(), book: newMap(),
          deliveries: []};
}

function parseObject(payload) {
  try {
    const value = JSON.parse(payload);
    return value !== null && typeof value === "object" && !Array.isArray(value) ? value : null;
  } catch (error) {
    return null;
  }
}

function fridgeOf(model, site, name) {
  const id = site + "/" + name;
  if (!(id in model.fridges)) {
    model.fridges[id] = {id, site, name, status: null, info: null, health: null, healthAt: null,
                         live: newMap(), liveAt: null, alarms: newMap(), history: newMap()};
  }
  return model.fridges[id];
}

function bridgeOf(model, site, name) {
  const id = site + "/" + name;
  if (!(id in model.bridges)) model.bridges[id] = {id, site, name, status: null, heardAt: null};
  return model.bridges[id];
}

/// Keeps a point a minute of each channel, the newest always exact.
function addPoint(series, seconds, value) {
  const last = series.length - 1;
  const previous = last > 0 ? series[last - 1][0] : -Infinity;
  if (last >= 0 && seconds < series[last][0]) return;
  if (last > 0 && (seconds - previous) * 1000 < kPointEveryMs) series[last] = [seconds, value];
  else series.push([seconds, value]);
  if (series.length > kKeptPoints) series.shift();
}

function takeLive(fridge, frame, now) {
  const time = Date.parse(frame.t);
  for (const [key, value] of Object.entries(frame)) {
    if (typeof value !== "number") continue;
    fridge.live[key] = {value, at: now};
    if (!(key in fridge.history)) fridge.history[key] = [];
    if (!Number.isNaN(time)) addPoint(fridge.history[key], time / 1000, value);
  }
  fridge.liveAt = now;
}

function takeFridgeMessage(fridge, kind, name, payload, now) {
  if (kind === "status") {
    fridge.status = payload;
    return;
  }
  if (kind === "alarm") {
    if (payload === "") delete fridge.alarms[name];
    else {
      const alarm = parseObject(payload);
      if (alarm) fridge.alarms[name] = alarm;
    }
    return;
  }
  const value = parseObject(payload);
  if (!value) return;
  if (kind === "info") fridge.info = value;
  if (kind === "health") {
    fridge.health = value;
    fridge.healthAt = now;
  }
  if (kind === "live") takeLive(fridge, value, now);
}

function takeBridgeMessage(model, site, id, rest, payload, now) {
  if (id === "confirmed" || id === "notified") return;
  const [kind, fridge, rule] = rest.split("/");
  if (kind === "status") bridgeOf(model, site, id).status = payload;
  if (kind === "health") bridgeOf(model, site, id).heardAt = now;
  if (kind === "delivery") {
    const delivery = parseObject(payload);
    if (delivery) model.deliveries.unshift({...delivery, at: now});
    model.deliveries.length = Math.min(model.deliveries.length, kKeptDeliveries);
  }
  if (kind === "book" && rule !== undefined) {
    const key = [site, fridge, rule].join("/");
    const entry = payload === "" ? null : parseObject(payload);
    if (!(key in model.book)) model.book[key] = newMap();
    if (entry) model.book[key][id] = {...entry, site, fridge, rule, bridge: id};
    else if (payload === "") delete model.book[key][id];
  }
}

/// One message of the broker, "<root>/<site>/...".
function takeMessage(model, topic, payload, now) {
  const [, site, fridge, kind, ...rest] = topic.split("/");
  if (kind === undefined) return;
  if (fridge === "_bridge") takeBridgeMessage(model, site, kind, rest.join("/"), payload, now);
  else takeFridgeMessage(fridgeOf(model, site, fridge), kind, rest.join("/"), payload, now);
}

/// What the books say, an entry for an alarm. Where one of several bridges lives, what a dead one has
/// left there counts no more.
function bookEntries(model) {
  const isIn = (site, status) => Object.values(model.bridges)
    .some((one) => one.site === site && one.status === status);
  const isDead = (entry) => {
    const known = model.bridges[entry.site + "/" + entry.bridge];
    return known !== undefined && known.status === "offline" && isIn(entry.site, "online");
  };
  return Object.values(model.book).flatMap((entries) => Object.values(entries)
    .filter((entry) => !isDead(entry))
    .sort((a, b) => a.bridge.localeCompare(b.bridge)).slice(0, 1));
}

/// The alarms that somebody should look at, worst first: what a bridge has in its book, and what the
/// agents say themselves where no bridge runs.
function openAlarms(model) {
  const open = bookEntries(model).filter((entry) => entry.state !== "normal");
  const inBook = new Set(open.map((entry) => [entry.site, entry.fridge, entry.rule].join("/")));
  for (const fridge of Object.values(model.fridges)) {
    for (const [rule, alarm] of Object.entries(fridge.alarms)) {
      const key = [fridge.site, fridge.name, rule].join("/");
      if (alarm.state !== "active" || alarm.kind === "notice" || inBook.has(key)) continue;
      open.push({...alarm, state: "active", site: fridge.site, fridge: fridge.name, rule});
    }
  }
  return open.sort((a, b) => kSeverityRank[a.severity] - kSeverityRank[b.severity] ||
                             String(a.since).localeCompare(String(b.since)) ||
                             a.fridge.localeCompare(b.fridge));
}

/// One word for how a fridge's own chain is: online, offline, silent, logStale, logMissing,
/// logUnreadable; null before anything was heard.
function conditionOf(fridge, now) {
  if (fridge.status === "offline") return "offline";
  if (fridge.healthAt !== null && now - fridge.healthAt > kSilentAfterMs) return "silent";
  const log = fridge.health && fridge.health.log;
  if (log === "stale") return "logStale";
  if (log === "missing") return "logMissing";
  if (log === "unreadable") return "logUnreadable";
  return fridge.status === "online" ? "online" : null;
}

/// Seconds since the newest row was written; null where none is known.
function rowAgeSeconds(fridge, now) {
  if (!fridge.health || typeof fridge.health.row_age_s !== "number") {
    return fridge.liveAt === null ? null : (now - fridge.liveAt) / 1000;
  }
  const fromHealth = fridge.health.row_age_s + (now - fridge.healthAt) / 1000;
  return fridge.liveAt === null ? fromHealth : Math.min(fromHealth, (now - fridge.liveAt) / 1000);
}

/// What stands between an alarm and a person: {kind: "brokerLost"|"noBridge"|"bridgeLost", ...}.
function warnings(model, now) {
  if (!model.connected) {
    return model.lostSince === null ? [] : [{kind: "brokerLost", time: model.lostSince}];
  }
  const bridges = Object.values(model.bridges);
  const alive = bridges.filter((one) => one.status === "online" &&
                                        (one.heardAt === null || now - one.heardAt <= kSilentAfterMs));
  if (alive.length > 0) return [];
  if (bridges.length === 0 || bridges.every((one) => one.heardAt === null)) return [{kind: "noBridge"}];
  const last = bridges.reduce((a, b) => ((a.heardAt || 0) > (b.heardAt || 0) ? a : b));
  return [{kind: "bridgeLost", name: last.name, time: last.heardAt}];
}

/// The channels of a fridge, those worth a look first: temperatures, then pressures and flows.
function channelsOf(fridge) {
  const rank = {temperature: 0, pressure: 1, flow: 2, current: 3};
  const known = fridge.info && Array.isArray(fridge.info.channels) ? fridge.info.channels : [];
  const listed = new Set(known.map((channel) => channel.key));
  const unlisted = Object.keys(fridge.live).filter((key) => !listed.has(key))
    .map((key) => ({key, name: key, unit: "", quantity: ""}));
  return [...known, ...unlisted]
    .map((channel, index) => ({...channel, index, has: channel.key in fridge.live}))
    .sort((a, b) => Number(b.has) - Number(a.has) ||
                    (rank[a.quantity] ?? 9) - (rank[b.quantity] ?? 9) || a.index - b.index);
}

if (typeof module !== "undefined") {
  module.exports = {newModel, takeMessage, openAlarms, conditionOf, rowAgeSeconds, warnings,
                    channelsOf, addPoint, kKeptPoints};
}
