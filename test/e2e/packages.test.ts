import { cp, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { sources } from '../../scripts/packPackages';
import { untilWatched, watchPackage } from '../../scripts/watchPackage';
import { cards } from '../simulator';

import { type Bed, newFolder, openBed, packageName, useBed } from './bed';
import {
	createWorkflow,
	errorOf,
	logIn,
	outputs,
	type Rest,
	run,
	type StoredWorkflow,
	testNewCredential,
} from './rest';
import { until } from './until';
import { itemsThrough, type Step } from './workflow';

/** The packages with one service, beside the one with all services. */
const bed = useBed(async () => await openBed('packages', { packages: 'all' }));

type Flow = Pick<Step, 'type' | 'parameters'> & {
	credentials: Array<keyof Bed['credentials']>;
	output: object;
};

const flows: Flow[] = [
	{
		type: 'n8n-nodes-click2mail.click2MailCredit',
		parameters: { resource: 'credit', operation: 'purchase', amount: 10 },
		credentials: ['click2MailApi', 'paymentCardApi'],
		output: { purchased: true, amount: 10 },
	},
	{
		type: 'n8n-nodes-clubtexting.clubTexting',
		parameters: {
			resource: 'message',
			operation: 'send',
			phoneNumbers: '2125550101',
			message: 'Honey is ready',
		},
		credentials: ['clubTextingApi'],
		output: { recipients: ['2125550101'] },
	},
	{
		type: 'n8n-nodes-eztexting.ezTexting',
		parameters: {
			resource: 'message',
			operation: 'send',
			phoneNumbers: '2125550101',
			message: 'Honey is ready',
		},
		credentials: ['ezTextingApi'],
		output: { recipients: ['2125550101'] },
	},
	{
		type: 'n8n-nodes-mailpartner.mailPartnerSubaccount',
		parameters: { resource: 'subaccount', operation: 'create', email: 'piglet@example.com' },
		credentials: ['mailPartnerApi'],
		output: { email: 'piglet@example.com', type: 'simple' },
	},
];

test.each(flows)('$type runs a flow', async ({ type, parameters, credentials, output }) => {
	const step = { type, parameters, credentials: credentials.map((each) => bed.credentials[each]) };
	const execution = await run(bed.rest, await createWorkflow(bed.rest, itemsThrough([{}], step)));
	expect(errorOf(execution)).toBeUndefined();
	expect(outputs(execution, 'Step')[0]).toEqual([expect.objectContaining(output)]);
});

test('a workflow that moves to a package of its own keeps its idempotency keys', async () => {
	const { type, parameters, credentials } = flows[1] as Flow;
	const step = {
		type: type.replace('n8n-nodes-clubtexting', packageName),
		parameters: { ...parameters, options: { idempotencyKey: 'order-1' } },
		credentials: credentials.map((each) => bed.credentials[each]),
	};
	const workflow = await createWorkflow(bed.rest, itemsThrough([{}], step));
	expect(errorOf(await run(bed.rest, workflow))).toBeUndefined();

	const file = path.join(bed.n8n.folder, 'moved.json');
	await bed.n8n.command(['export:workflow', `--id=${workflow.id}`, `--output=${file}`]);
	const exported = await readFile(file, 'utf8');
	await writeFile(file, exported.replaceAll(`${packageName}.clubTexting`, type));
	await bed.n8n.command(['import:workflow', `--input=${file}`]);

	const moved = await bed.rest.call<StoredWorkflow>('GET', `/rest/workflows/${workflow.id}`);
	expect(moved.nodes.map((node) => node.type)).toContain(type);
	const execution = await run(bed.rest, moved);
	expect(outputs(execution, 'Step')[0]).toEqual([{ skipped: true, idempotencyKey: 'order-1' }]);
	expect(bed.simulator.clubTexting.books.delivered).toHaveLength(1);
});

test('every credential still has its test', async () => {
	const { click2mail, clubTexting, ezTexting, mailPartner } = bed.simulator;
	const logIns = {
		click2MailApi: click2mail.credentials,
		clubTextingApi: clubTexting.credentials,
		ezTextingApi: ezTexting.credentials,
		mailPartnerApi: mailPartner.credentials,
		paymentCardApi: cards.visa,
	};
	for (const [type, data] of Object.entries(logIns)) {
		const result = await testNewCredential(bed.rest, type, data);
		expect({ type, ...result }).toMatchObject({ type, status: 'OK' });
	}
	const wrong = { ...cards.visa, number: '4111111111111112' };
	expect(await testNewCredential(bed.rest, 'paymentCardApi', wrong)).toMatchObject({ status: 'Error' });
});

/** A node's description, as n8n has it now. */
async function descriptionOf(rest: Rest, name: string): Promise<string | undefined> {
	const nodeInfos = [{ name, version: 1 }];
	const found = await rest.call<Array<{ description: string }>>('POST', '/rest/node-types', { nodeInfos });
	return found[0]?.description;
}

test('with npm run dev, n8n has a source soon after it was saved', async () => {
	const project = newFolder('watched-project');
	const root = path.resolve(__dirname, '../..');
	for (const source of sources.filter((name) => name !== 'packages'))
		await cp(path.join(root, source), path.join(project, source), { recursive: true });
	await symlink(path.join(root, 'node_modules'), path.join(project, 'node_modules'));

	const built: string[] = [];
	await bed.main.stop();
	const into = path.join(bed.n8n.folder, '.n8n/nodes/node_modules', packageName);
	const end = await watchPackage(project, into, (line) => built.push(line));
	try {
		bed.main = await bed.n8n.start({ environment: { N8N_DEV_RELOAD: 'true' } });
		await untilWatched(bed.main, into);
		const rest = await logIn(bed.main.url);

		const file = path.join(project, 'nodes/Click2MailCredit/Click2MailCredit.node.ts');
		const source = await readFile(file, 'utf8');
		const name = `${packageName}.click2MailCredit`;
		const before = (await descriptionOf(rest, name)) ?? '';
		const saved = Date.now();
		await writeFile(file, source.replace(before, 'Saved a moment ago'));
		await until(
			'the saved source is in n8n',
			async () => (await descriptionOf(rest, name)) === 'Saved a moment ago' || undefined,
		);
		console.log(
			`From a saved file to a reloaded node: ${(Date.now() - saved) / 1000} s. ${built.join(', ')}`,
		);
		expect(built).toHaveLength(2);
	} finally {
		await end();
	}
});
