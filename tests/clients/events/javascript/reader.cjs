// Reads a topic's records with CloudEvents' SDK: node reader.cjs TOPIC COUNT
const { readFileSync } = require('node:fs');
const { Kafka, logLevel } = require('kafkajs');
const { Kafka: events } = require('cloudevents');

const content = (name) => readFileSync(process.env[name], 'utf8');
const strings = (headers) => Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
const ways = [['as they are', (record) => record],
  ['with its headers as strings', (record) => ({ ...record, headers: strings(record.headers) })]];

/** How the record can be read, and the event. */
function read(record) {
  for (const [way, made] of ways) {
    try {
      const event = events.toEvent(made(record));
      event.validate();
      return [way, event];
    } catch (error) { console.error(way, 'not:', error.message); }
  }
  throw new Error('it cannot be read');
}

async function main(topic, count) {
  const consumer = new Kafka({ brokers: [process.env.EXITBUS_BROKER], logLevel: logLevel.ERROR, ssl: {
    ca: content('EXITBUS_CA'), cert: content('EXITBUS_CERT'), key: content('EXITBUS_KEY') } })
    .consumer({ groupId: process.env.EXITBUS_GROUP });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  let left = Number(count);
  await new Promise((resolve, reject) => consumer.run({ autoCommit: false, eachMessage: async ({ message }) => {
    if (left-- <= 0) return;
    try {
      const [way, event] = read(message);
      console.log(way, '|', event.id, event.source, event.type, event.time.replace(/\.000Z$/, 'Z'),
        event.datacontenttype, event.traceparent, event.data.length);
    } catch (error) { reject(error); }
    if (left === 0) resolve();
  } }).catch(reject));
  await consumer.disconnect();
}

main(...process.argv.slice(2)).catch((error) => { console.error(error); process.exit(1); });
