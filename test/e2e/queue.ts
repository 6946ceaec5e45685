import { startSimulator } from '../simulator';

import { type Bed, createCredentials, newFolder, openFolder } from './bed';
import type { RunningN8n } from './n8n';
import { setUpOwner } from './rest';
import { sql, startPostgres, startRedis } from './services';
import { until } from './until';

/** n8n in queue mode: a main that takes webhooks, and workers that run the executions. */
export interface QueueBed extends Bed {
	workers: Worker[];
	/** Makes n8n's list of a workflow's node so long, with entries that nobody asks for. */
	fillList(workflowId: string, length: number): void;
	/** The worker that took an execution. */
	workerOf(executionId: string): Promise<Worker>;
}

export interface Worker {
	running: RunningN8n;
	/** Starts it again, in the same folder, after it was killed. */
	restart(): Promise<void>;
}

/**
 * Starts Redis, PostgreSQL, a main and two workers, each in a folder of its own.
 *
 * A dead worker is noticed after about ten seconds in place of n8n's usual minute.
 */
export async function openQueueBed(name: string, version: '2.41.1' | '1.123.81'): Promise<QueueBed> {
	const redis = await startRedis(newFolder(`${name}-redis`));
	const postgres = await startPostgres(newFolder(`${name}-postgres`));
	const environment = {
		EXECUTIONS_MODE: 'queue',
		QUEUE_BULL_REDIS_HOST: '127.0.0.1',
		QUEUE_BULL_REDIS_PORT: String(redis.port),
		QUEUE_WORKER_LOCK_DURATION: '6000',
		QUEUE_WORKER_LOCK_RENEW_TIME: '2000',
		QUEUE_WORKER_STALLED_INTERVAL: '3000',
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: '127.0.0.1',
		DB_POSTGRESDB_PORT: String(postgres.port),
		DB_POSTGRESDB_DATABASE: 'postgres',
		DB_POSTGRESDB_USER: 'n8n',
	};
	const open = async (part: string) => await openFolder(`${name}-${part}`, { version, environment });

	const n8n = await open('main');
	const [simulator, main] = await Promise.all([startSimulator({ keepsLogIns: true }), n8n.start()]);
	const rest = await setUpOwner(main.url);
	const workers = await Promise.all(
		['worker-1', 'worker-2'].map(async (part): Promise<Worker> => {
			const folder = await open(part);
			const worker = {
				running: await folder.start({ role: 'worker' }),
				async restart() {
					worker.running = await folder.start({ role: 'worker' });
				},
			};
			return worker;
		}),
	);
	return {
		simulator,
		n8n,
		main,
		rest,
		credentials: await createCredentials(rest, simulator),
		workers,
		fillList(workflowId, length) {
			const others = `SELECT encode(decode(md5(number::text), 'hex'), 'base64') FROM generate_series(1, ${length}) number`;
			const value = `json_build_object('mode', 'entries', 'data', ARRAY(${others}))::text`;
			const changed = sql(
				postgres,
				`UPDATE processed_data SET value = ${value} WHERE "workflowId" = '${workflowId}'`,
			);
			if (changed.trim() !== 'UPDATE 1') throw new Error(`One list was to be filled: ${changed}`);
		},
		workerOf: async (executionId) =>
			await until(`a worker takes execution ${executionId}`, () =>
				workers.find(({ running }) => executionsOf(running).includes(executionId)),
			),
		async close() {
			await Promise.all(
				[main, ...workers.map(({ running }) => running)].map(async (n8n) => await n8n.stop()),
			);
			await Promise.all([simulator.close(), redis.stop(), postgres.stop()]);
		},
	};
}

/** The ids of the executions that a worker took, by its log. */
export function executionsOf(worker: RunningN8n): string[] {
	return [...worker.log().matchAll(/started execution (\d+)/g)].flatMap(([, id]) => id ?? []);
}
