// One node of a cluster: an MQTT broker that keeps its sessions and retained messages in Redis.
// node node.js MQTT_PORT REDIS_PORT
"use strict";

const net = require("node:net");
const aedes = require("aedes");
const emitter = require("mqemitter-redis");
const persistence = require("aedes-persistence-redis");

const [port, redisPort] = process.argv.slice(2).map(Number);
const redis = {host: "127.0.0.1", port: redisPort};
const broker = aedes({mq: emitter(redis), persistence: persistence(redis), concurrency: 1000});
broker.on("clientError", (client, error) => console.error(client.id, error.message));
net.createServer(broker.handle).listen(port, "127.0.0.1");
