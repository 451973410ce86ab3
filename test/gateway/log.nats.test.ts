import { afterAll, beforeAll } from 'vitest';
import { followContract, logContract, type Maker } from '../contracts/log.ts';
import { natsStage, type NatsStage } from './log.nats.stage.ts';

let stage: NatsStage;
let clusters = 0;
beforeAll(async () => { stage = await natsStage(); });
afterAll(() => stage.end());

const onNats: Maker = async (shards) => {
  const name = `test-${++clusters}`;
  const log = await stage.open(name, { shards });
  const rival = await stage.open(name, { shards });
  return { log, rival, end: async () => { await Promise.all([log.close(), rival.close()]); } };
};
logContract('the log on JetStream', onNats);
followContract('the log on JetStream', onNats);
