import { runNode } from '../../nodes/shared/pipeline/runNode';
import { createDeduplicationStore, type DeduplicationStore, type RunHandle } from '../engine';
import { openBench, outcomeOf } from '../harness';
import { contextOf, services } from '../operations/context';
import { openEngine, sceneOf, scenes, startPlay } from '../scenes';

const bench = openBench();
const acting = scenes.filter((scene) => scene.effects && !scene.shared);
/** A request for each item, and a pace at which the second one has to wait. */
const sending = [
	{ ...sceneOf('clubTexting.message.send (personal)'), slowly: { requestsPerSecond: 0.1 } },
	{ ...sceneOf('ezTexting.message.send (personal)'), slowly: { requestsPerMinute: 1 } },
];

it.each(acting)(
	'$name: cancelled while its first request is under way, the second does not leave',
	async (scene) => {
		scene.prepare?.(bench.simulator);
		bench.simulator.order({
			provider: scene.provider,
			operation: scene.request,
			fault: 'slowReply',
			delayMs: 50,
		});
		let preparing = scene.prepares ?? 0;
		const handle: RunHandle = bench.start(scene, {
			onRequest: ({ method }) => {
				if (method !== 'GET' && preparing-- === 0) handle.cancel();
			},
		});
		const result = await handle.done;
		expect(result.status).not.toBe('success');
		expect(bench.sent(scene.request).length).toBeLessThanOrEqual(1);

		// What left is known to have left, whatever n8n makes of the cancelled execution.
		const left = bench.sent(scene.request).length;
		await bench.engine.retry(result);
		const again = await bench.play(scene, { executionId: result.executionId });
		expect(outcomeOf(again)).toBe('unknown');
		expect(bench.sent(scene.request)).toHaveLength(left);
	},
);

it.each(acting.filter(({ prepares }) => prepares))(
	'$name: cancelled while its act is being prepared, nothing leaves, and another try does all of it once',
	async (scene) => {
		for (const cancelledAt of Array.from({ length: scene.prepares! }, (_, place) => place + 1)) {
			bench.simulator.reset();
			let preparing = 0;
			const handle: RunHandle = bench.start(scene, {
				onRequest: ({ method }) => {
					if (method !== 'GET' && ++preparing === cancelledAt) handle.cancel();
				},
			});
			const result = await handle.done;
			expect(result.status).not.toBe('success');
			expect(bench.sent(scene.request)).toEqual([]);

			const again = await bench.play(scene, { executionId: result.executionId });
			expect(again.error).toBeUndefined();
			expect(scene.effects!(bench.simulator)).toEqual([1, 1]);
		}
	},
);

it.each(scenes)('$name: cancelled before it begins, it sends nothing', async (scene) => {
	scene.prepare?.(bench.simulator);
	const cancelled = new AbortController();
	cancelled.abort();
	const result = await bench.play(scene, { signal: cancelled.signal });
	expect(result.status).not.toBe('success');
	expect(bench.simulator.requests).toEqual([]);
});

it.each(sending)('$name: ends the wait for its turn in the pacing', async ({ slowly, ...personal }) => {
	const handle = bench.start(personal, { parameters: { options: slowly } });
	const started = performance.now();
	while (bench.sent('send')[0]?.answeredWith === undefined) await turn();
	handle.cancel();
	const result = await handle.done;
	expect(result.status).not.toBe('success');
	expect(performance.now() - started).toBeLessThan(5000);
	expect(bench.sent('send')).toHaveLength(1);

	expect(personal.effects!(bench.simulator)).toEqual([1, 0]);
});

it.each([sceneOf('mailPartner.credit.add'), sceneOf('ezTexting.group.create')])(
	'$name: ends the wait that a provider asks for by Retry-After',
	async (scene) => {
		bench.simulator.order({ operation: scene.request, fault: 'status429', retryAfter: 20 });
		scene.prepare?.(bench.simulator);
		const handle = bench.start(scene);
		const started = performance.now();
		while (bench.sent(scene.request)[0]?.answeredWith !== 429) await turn();
		handle.cancel();
		expect((await handle.done).status).not.toBe('success');
		expect(performance.now() - started).toBeLessThan(5000);
		expect(bench.sent(scene.request)).toHaveLength(1);
		expect(scene.effects!(bench.simulator)).toEqual([0, 0]);
	},
);

it.each([sceneOf('clubTexting.credit.getBalance'), sceneOf('ezTexting.credit.getBalance')])(
	'$name: ends the wait between two attempts to read',
	async (scene) => {
		bench.simulator.order({ operation: 'getBalance', fault: 'status503', retryAfter: 20, times: Infinity });
		const handle = bench.start(scene);
		const started = performance.now();
		while (bench.sent('getBalance')[0]?.answeredWith !== 503) await turn();
		handle.cancel();
		await handle.done;
		expect(performance.now() - started).toBeLessThan(5000);
		expect(bench.sent('getBalance')).toHaveLength(1);
	},
);

/** A key that is taken is waited for up to ten seconds. */
const AT_ONCE_MS = 1000;
const keyed = { options: { idempotencyKey: '={{ "order " + $itemIndex }}' } };

it.each(sending)(
	'$name: ends the wait for a key that another execution has taken, long before that one is answered',
	async (personal) => {
		bench.simulator.order({ operation: 'send', fault: 'timeoutAfter' });
		let isOver = false;
		const first = bench.start(personal, { parameters: keyed });
		void first.done.finally(() => (isOver = true));
		while (bench.sent('send').length === 0) await turn();
		const second = bench.start(personal, { parameters: keyed });
		for (let turns = 0; turns < 100; turns++) await turn();
		const cancelled = performance.now();
		second.cancel();
		expect((await second.done).status).not.toBe('success');
		expect(performance.now() - cancelled).toBeLessThan(AT_ONCE_MS);
		expect(isOver).toBe(false);
		first.cancel();
		expect((await first.done).status).not.toBe('success');
		expect(personal.effects!(bench.simulator)).toEqual([1, 0]);
	},
);

it.each(sending)(
	'$name: ends the wait for a key that another process has taken, without another look',
	async (personal) => {
		bench.simulator.order({ operation: 'send', fault: 'timeoutAfter' });
		const first = bench.start(personal, { parameters: keyed });
		while (bench.sent('send').length === 0) await turn();
		// As another process finds the table.
		const { id } = bench.engine.deduplication;
		const table = createDeduplicationStore(
			bench.engine.deduplication.serialize().replaceAll(id, `${id} too`),
		);
		first.cancel();
		await first.done;

		const asked: string[][] = [];
		const deduplication: DeduplicationStore = {
			...table,
			async checkProcessedAndRecord(items, ...how) {
				asked.push(items.map(String));
				return await table.checkProcessedAndRecord(items, ...how);
			},
		};
		const settings = { parameters: keyed, executionId: 'another' };
		const second = startPlay(openEngine({ deduplication }), bench.simulator, personal, settings);
		while (asked.length === 0) await turn();
		for (let turns = 0; turns < 100; turns++) await turn();
		const looks = asked.length;
		second.cancel();
		expect((await second.done).status).not.toBe('success');
		expect(asked).toHaveLength(looks);
		expect(bench.sent('send')).toHaveLength(1);
	},
);

it.each(sending)(
	'$name: cancelled while its request is being written down, the request does not leave and the mark is taken back',
	async (personal) => {
		const store = createDeduplicationStore();
		let written = (): void => {};
		const deduplication: DeduplicationStore = {
			...store,
			get writes() {
				return store.writes;
			},
			async checkProcessedAndRecord(...call) {
				const output = await store.checkProcessedAndRecord(...call);
				written();
				return output;
			},
		};
		const engine = openEngine({ deduplication });
		const handle = startPlay(engine, bench.simulator, personal, {
			parameters: { options: { idempotencyKey: '={{ "order " + $itemIndex }}' } },
		});
		written = () => handle.cancel();
		const result = await handle.done;
		expect(result.status).not.toBe('success');
		expect(bench.simulator.requests).toEqual([]);
		expect(store.rows().flatMap(({ hashes }) => hashes)).toEqual([]);

		written = () => {};
		const again = await startPlay(engine, bench.simulator, personal, {
			executionId: result.executionId,
			parameters: { options: { idempotencyKey: '={{ "order " + $itemIndex }}' } },
		}).done;
		expect(again.error).toBeUndefined();
		expect(personal.effects!(bench.simulator)).toEqual([1, 1]);
	},
);

describe('what comes of an item that is cancelled while the one before it is under way', () => {
	const receipt = { ID: '6419', RecipientsCount: 1, Credits: 1, PhoneNumbers: ['2125550101'] };
	const text = JSON.stringify({ Response: { Status: 'Success', Code: 201, Entry: receipt } });
	const given = {
		phoneNumber: '2125550101',
		phoneNumbers: '2125550101',
		message: 'Honey',
		options: { combineItems: false, requestsPerSecond: 1000 },
	};
	/** The execution is cancelled with the first reply. */
	const play = async (path: string, continues: boolean) => {
		const { clubTexting } = services;
		const reply = { status: 201, headers: {}, text };
		const context = {
			...contextOf(clubTexting, path, given, { reply }),
			continueOnFail: () => continues,
			getInputData: () => [{ json: {} }, { json: {} }],
		};
		return await runNode(context, clubTexting.provider, clubTexting.resources);
	};
	const message = 'Not sent to Club Texting: the execution was cancelled [item 1].';

	it.each(['message.send', 'contact.delete'])('%s: it says so', async (path) => {
		const [items] = await play(path, true);
		expect(items![1]!.json).toEqual({
			error: `${message} Nothing happened for this item; it can be run again.`,
			details: { outcome: 'notSent', provider: 'Club Texting', operation: path, affects: 'run' },
		});
	});

	it('so does the error of a node that stops', async () => {
		await expect(play('message.send', false)).rejects.toMatchObject({
			message: `${message} 1 of 2 items had gone through before it.`,
			context: { itemIndex: 1 },
		});
	});
});

async function turn(): Promise<void> {
	await new Promise((resolve) => setImmediate(resolve));
}
