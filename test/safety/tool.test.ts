import type { INode } from 'n8n-workflow';
import { ClubTexting } from '../../nodes/ClubTexting/ClubTexting.node';
import { ClubTextingApi } from '../../credentials/ClubTextingApi.credentials';
import { createEngine } from '../engine';
import { startSimulator, type Simulator } from '../simulator';

/** As n8n names the tool that it makes of a node. */
const TOOL = 'n8n-nodes-messaging-credits.clubTextingTool';
const NODE = 'n8n-nodes-messaging-credits.clubTexting';

let simulator: Simulator;
beforeAll(async () => void (simulator = await startSimulator()));
beforeEach(() => simulator.reset());
afterAll(async () => await simulator.close());

/** The same message three times over: each round of the loop is a run of its own, as each call of a tool is. */
async function threeRounds(type: string, settings: Partial<INode> = {}, phoneNumbers = '2123456785') {
	const engine = createEngine({
		nodes: { [NODE]: new ClubTexting(), [TOOL]: new ClubTexting() },
		credentialTypes: [new ClubTextingApi()],
	});
	return await engine.run({
		nodes: [
			{
				name: 'Start',
				type: 'n8n-nodes-base.manualTrigger',
				typeVersion: 1,
				position: [0, 0],
				parameters: {},
			},
			{ name: 'Loop', type: 'test.loop', typeVersion: 1, position: [200, 0], parameters: { times: 3 } },
			{
				name: 'Send',
				type,
				typeVersion: 1,
				position: [400, 0],
				onError: 'continueRegularOutput',
				...settings,
				parameters: {
					resource: 'message',
					operation: 'send',
					phoneNumbers,
					message: 'Honey is ready',
					options: { timeout: 1500 },
				},
			},
		],
		connections: {
			Start: { main: [[{ node: 'Loop', type: 'main', index: 0 }]] },
			Loop: { main: [[{ node: 'Send', type: 'main', index: 0 }]] },
			Send: { main: [[{ node: 'Loop', type: 'main', index: 0 }]] },
		},
		items: [{}],
		credentials: { clubTextingApi: simulator.clubTexting.credentials },
	});
}

const outcomes = (result: Awaited<ReturnType<typeof threeRounds>>) =>
	[0, 1, 2].map((run) => {
		const { json } = result.output('Send', 0, run)[0]!;
		return json.messageId === undefined ? (json.details as { outcome: string }).outcome : 'sent';
	});

describe('an AI agent’s tool', () => {
	it('does not repeat, in a further call, what an earlier call left open', async () => {
		simulator.order({ fault: 'timeoutAfter', operation: 'send' });
		const result = await threeRounds(TOOL);
		expect(outcomes(result)).toEqual(['unknown', 'unknown', 'unknown']);
		expect(simulator.clubTexting.books.delivered).toHaveLength(1);
	});

	it('with Retry On Fail, sends to other people after a call that was left open', async () => {
		simulator.order({ fault: 'timeoutAfter', operation: 'send' });
		const result = await threeRounds(
			TOOL,
			{ retryOnFail: true, maxTries: 3, waitBetweenTries: 1 },
			'={{ 2123456785 + $runIndex }}',
		);
		expect(outcomes(result)).toEqual(['unknown', 'sent', 'sent']);
		expect(simulator.clubTexting.books.delivered.map(({ number }) => number)).toEqual([
			'2123456785',
			'2123456786',
			'2123456787',
		]);
	});

	it('sends once for each call that is answered', async () => {
		expect(outcomes(await threeRounds(TOOL))).toEqual(['sent', 'sent', 'sent']);
		expect(simulator.clubTexting.books.delivered).toHaveLength(3);
	});
});

describe('a node in a loop', () => {
	it('sends again in each round, also after one that was left open: each is a run of its own', async () => {
		simulator.order({ fault: 'timeoutAfter', operation: 'send' });
		expect(outcomes(await threeRounds(NODE))).toEqual(['unknown', 'sent', 'sent']);
		expect(simulator.clubTexting.books.delivered).toHaveLength(3);
	});
});
