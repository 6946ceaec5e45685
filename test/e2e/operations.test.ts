import type { IDataObject, INodeParameters, IRun } from 'n8n-workflow';

import { actionNodes } from '../contract/contract';
import { sceneOf, scenes, typeOf, type Scene } from '../scenes';
import { MAIL_TYPE } from '../scenes.mail';
import { cards, subaccount } from '../simulator';

import { openBed, useBed } from './bed';
import { createWorkflow, errorOf, outputs, run } from './rest';
import { type Step, itemsThrough, stepsOf } from './workflow';

/** Every operation in a running n8n: what comes out, and what the provider's books say afterwards. */
const bed = useBed(async () => await openBed('operations'));
const steps = stepsOf(bed);

function stepOf(scene: Scene, more: INodeParameters = {}): Step {
	const { provider, parameters } = scene;
	const node = typeOf(scene) === MAIL_TYPE ? 'mail' : provider;
	return steps[node](String(parameters.resource), String(parameters.operation), { ...parameters, ...more });
}

/** The items that come out of a step. */
async function through(items: IDataObject[], step: Step): Promise<IDataObject[]> {
	const execution = await run(bed.rest, await createWorkflow(bed.rest, itemsThrough(items, step)));
	expect(errorOf(execution)).toBeUndefined();
	expect(execution.status).toBe('success');
	return outputs(execution, 'Step')[0] ?? [];
}

function outputOf(scene: Scene): string[] {
	const { resource, operation } = scene.parameters;
	return actionNodes[typeOf(scene).split('.')[1]!]![String(resource)]![String(operation)]!.output;
}

test("a workflow run by n8n's command line", async () => {
	const scene = sceneOf('clubTexting.message.send');
	const workflow = await createWorkflow(bed.rest, itemsThrough(scene.items, stepOf(scene)));
	const printed = await bed.n8n.command(['execute', `--id=${workflow.id}`, '--rawOutput']);

	const { data } = JSON.parse(printed.slice(printed.search(/^\{/m))) as IRun;
	expect(data.resultData.runData.Step?.[0]?.data?.main?.[0]?.map(({ json }) => json)).toMatchObject(
		scene.successes(bed.simulator).flat(),
	);
	expect(scene.effects!(bed.simulator)).toEqual(scene.items.map(() => 1));
});

describe('items come out as the contract says, and the books agree', () => {
	test.each(scenes)('$name', async (scene) => {
		scene.prepare?.(bed.simulator);
		const items = await through(scene.items, stepOf(scene));
		expect(items).toMatchObject(scene.successes(bed.simulator).flat());
		for (const item of items) expect(Object.keys(item).sort()).toEqual([...outputOf(scene)].sort());
		if (scene.effects) expect(scene.effects(bed.simulator)).toEqual(scene.items.map(() => 1));
	});
});

test('a dry run', async () => {
	const scene = sceneOf('click2mail.credit.purchase');
	const items = await through(scene.items, stepOf(scene, { dryRun: true }));
	expect(items).toMatchObject(scene.items.map(({ amount }) => ({ dryRun: true, cost: amount })));
	expect(items).toMatchObject(scene.items.map(() => ({ request: { method: 'POST' } })));
	expect(JSON.stringify(items)).not.toContain(cards.visa.number);
	expect(bed.simulator.requests.filter(({ method }) => method === 'POST')).toEqual([]);
});

describe('subaccount.get by', () => {
	test.each(['token', 'email', 'list'] as const)('%s', async (mode) => {
		const { books } = bed.simulator.mailPartner;
		for (const balance of [10, 11]) books.subaccounts.push(subaccount(books, { balance }));
		const input = books.subaccounts.map(({ email, token }) => ({ value: mode === 'email' ? email : token }));
		const byMode = { subaccount: { __rl: true, mode, value: '={{ $json.value }}' } };
		expect(await through(input, steps.mailPartner('subaccount', 'get', byMode))).toEqual(
			books.subaccounts.map(({ id, email, token, createdAt, balance }) => ({
				id: String(id),
				email,
				type: 'simple',
				token,
				balance,
				currency: 'EUR',
				createdAt,
			})),
		);
	});
});
