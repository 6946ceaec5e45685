import { subaccount } from '../simulator';

import { type Bed, openBed } from './bed';
import {
	type Editor,
	addNode,
	choose,
	chooseCredential,
	chooseFromList,
	closeNode,
	credentialFails,
	credentialWorks,
	executeStep,
	executeWorkflow,
	fieldsToMap,
	foundNodes,
	openCredential,
	openEditor,
	openNode,
	optionsOf,
	outputRows,
	shownParameters,
	type,
} from './browser';
import { readExamples } from './examples';
import { type WorkflowFile, createWorkflow } from './rest';
import { agentWorkflow, itemsThrough, mappingWorkflow, stepsOf } from './workflow';

/** The editor, with the mouse and the keyboard of a headless Chromium. */
let bed: Bed;
let editor: Editor;

beforeAll(async () => {
	bed = await openBed('browser');
	editor = await openEditor(bed.main.url);
});
afterAll(async () => {
	await editor.close();
	await bed.close();
});
beforeEach(() => bed.simulator.reset());
afterEach(() => expect(bed.simulator.mistakes()).toEqual([]));

test('Click2Mail Credit is found, shows what its operations need, and buys', async () => {
	const { page } = editor;
	await addNode(page, 'click2mail', 'Click2Mail Credit', 'Get credit balance');
	expect((await shownParameters(page)).join(' ')).toBe('resource operation');
	expect(await optionsOf(page, 'operation')).toEqual(['Buy', 'Cover Job', 'Get Balance', 'Top Up']);

	await choose(page, 'operation', 'Cover Job');
	expect((await shownParameters(page)).join(' ')).toBe('resource operation jobId spendingLimit dryRun');
	await choose(page, 'operation', 'Top Up');
	expect((await shownParameters(page)).join(' ')).toBe(
		'resource operation minimumBalance amount spendingLimit dryRun',
	);
	await choose(page, 'operation', 'Buy');
	expect((await shownParameters(page)).join(' ')).toBe('resource operation amount spendingLimit dryRun');

	await chooseCredential(page, 'Payment Card', bed.credentials.paymentCardApi.name);
	await type(page, 'amount', '15');
	expect(await executeStep(page)).toBe('success');
	expect(await outputRows(page)).toMatchObject([{ purchased: 'true', amount: '15', balance: '40.5' }]);
	expect(bed.simulator.click2mail.books.charges).toMatchObject([{ amount: 15 }]);
});

test('Club Texting is found, shows what its operations need, and sends', async () => {
	const { page } = editor;
	await addNode(page, 'club texting', 'Club Texting', 'Send message');
	expect((await shownParameters(page)).join(' ')).toBe('resource operation phoneNumbers message dryRun');

	await choose(page, 'resource', 'Keyword');
	await choose(page, 'operation', 'Rent');
	expect((await shownParameters(page)).join(' ')).toBe(
		'resource operation keyword paymentMethod storedCardLastFour dryRun',
	);
	await choose(page, 'paymentMethod', 'Card');
	expect((await shownParameters(page)).join(' ')).toBe('resource operation keyword paymentMethod dryRun');
	await choose(page, 'resource', 'Phone Number');
	expect((await shownParameters(page)).join(' ')).toBe('resource operation phoneNumber');

	await choose(page, 'resource', 'Message');
	await type(page, 'phoneNumbers', '(212) 555-0101, 212-555-0102');
	await type(page, 'message', 'Honey is ready');
	expect(await executeStep(page)).toBe('success');
	expect(await outputRows(page)).toMatchObject([{ message: 'Honey is ready', recipientsCount: '2' }]);
	expect(bed.simulator.clubTexting.books.delivered.map(({ number }) => number)).toEqual([
		'2125550101',
		'2125550102',
	]);
});

test('the canvas says in words what a node does, and when it only tries; a dry run has no warning', async () => {
	const { page } = editor;
	await addNode(page, 'send sms', 'Club Texting', 'Send message');
	const notice = page.getByTestId('node-parameters').getByText('does this for real, too');
	await notice.waitFor();
	await page.getByTestId('parameter-input-dryRun').locator('.el-switch').click();
	await notice.waitFor({ state: 'hidden' });
	await closeNode(page);
	await page.getByTestId('canvas-node').getByText('Send message (dry run)').waitFor();
});

test.each([
	['credits', 'Click2Mail Credit'],
	['click 2 mail', 'Click2Mail Credit'],
	['payment', 'Click2Mail Credit'],
	['letter', 'Click2Mail'],
	['postcard', 'Click2Mail'],
	['bulk sms', 'Club Texting'],
	['messaging', 'Club Texting'],
	['inbound', 'Club Texting'],
	['balance', 'Club Texting'],
	['credit', 'Club Texting'],
	['top up', 'Club Texting'],
	['sub account', 'MailPartner Subaccount'],
	['mail partner', 'MailPartner Subaccount'],
])('who types “%s” into the nodes panel finds %s', async (search, name) => {
	expect(await foundNodes(editor.page, search)).toContain(name);
});

test('a refused message is explained in the output panel', async () => {
	const { page } = editor;
	await addNode(page, 'club texting', 'Club Texting', 'Send message');
	await type(page, 'phoneNumbers', '555-0101');
	await type(page, 'message', 'Honey is ready');

	expect(await executeStep(page)).toMatch(/Phone Numbers.*555-0101/s);
	expect(bed.simulator.requests).toEqual([]);
});

test('MailPartner Subaccount is found, lists the sub-accounts, and moves credit', async () => {
	const { page } = editor;
	const { books } = bed.simulator.mailPartner;
	books.subaccounts.push(
		subaccount(books, { email: 'owl@example.com', balance: 5 }),
		subaccount(books, { email: 'roo@example.com', balance: 6 }),
	);
	await addNode(page, 'mailpartner', 'MailPartner Subaccount', 'Create sub-account');
	expect((await shownParameters(page)).join(' ')).toBe('resource operation type email spendingLimit dryRun');
	await choose(page, 'type', 'Advanced');
	expect((await shownParameters(page)).join(' ')).toBe(
		'resource operation type email isBuyer spendingLimit dryRun',
	);

	await choose(page, 'resource', 'Credit');
	await choose(page, 'operation', 'Add');
	expect((await shownParameters(page)).join(' ')).toBe(
		'resource operation subaccount amount spendingLimit dryRun',
	);
	await chooseFromList(page, 'subaccount', /roo@example.com/);
	await type(page, 'amount', '20');
	expect(await executeStep(page)).toBe('success');
	expect(await outputRows(page)).toMatchObject([{ amount: '20', subaccountBalance: '26', currency: 'EUR' }]);
	expect(books.subaccounts.map(({ balance }) => balance)).toEqual([5, 26]);
});

test('a credential says whether it works', async () => {
	const { page } = editor;
	await addNode(page, 'click2mail', 'Click2Mail Credit', 'Get credit balance');
	const dialog = await openCredential(page);
	await credentialWorks(dialog).waitFor();

	bed.simulator.click2mail.books.password = 'changed since';
	await credentialWorks(dialog).getByRole('button', { name: 'Retry' }).click();
	await credentialFails(dialog).waitFor();
	await dialog.getByText('More details').click();
	await dialog.getByText(/user name and password/).waitFor();
});

test('the fields of a node can be mapped before it has ever run', async () => {
	const { page } = editor;
	const { id } = await createWorkflow(bed.rest, mappingWorkflow(bed.credentials.clubTextingApi));
	await page.goto(`/workflow/${id}`);
	await openNode(page, 'Map');
	const fields = await fieldsToMap(page, 'messageId');
	for (const field of ['messageId', 'recipients', 'localOptOuts', 'message', 'scheduledFor', 'credits'])
		expect(fields).toContain(field);
	expect(bed.simulator.requests).toEqual([]);
	await closeNode(page);
});

test('a list of groups that can’t be read says why in its place, beside what was chosen', async () => {
	const { page } = editor;
	const groups = { message: 'Honey is ready', options: { groups: ['Honey lovers'] } };
	const step = stepsOf(bed).ezTexting('message', 'send', groups);
	const { id } = await createWorkflow(bed.rest, itemsThrough([], step));
	bed.simulator.order({ fault: 'status401', provider: 'ezTexting', times: Infinity });
	// The nodes of this workflow lie on one another.
	await page.goto(`/workflow/${id}/step`);
	expect(await optionsOf(page, 'groups')).toEqual([
		expect.stringMatching(/^The groups could not be listed: EZ Texting refused/),
		'Honey lovers',
	]);
	await closeNode(page);
});

test('the form of a tool, and only that, says which agents hear what failed; n8n offers no “On Error” there', async () => {
	const { page } = editor;
	const { clubTextingApi } = bed.credentials;
	const advice = page.getByTestId('ndv').getByText(/^Use it with an AI Agent node of version 3/);
	const open = async (workflow: WorkflowFile) => {
		await page.goto(`/workflow/${(await createWorkflow(bed.rest, workflow)).id}`);
		await openNode(page, 'Send');
		await page.getByTestId('ndv').getByText('Dry Run').first().waitFor();
	};
	await open(agentWorkflow(clubTextingApi, undefined, { version: 3.1 }));
	await advice.waitFor();
	// As docs/running.md says.
	const offered = () => page.getByTestId('ndv').getByText('On Error', { exact: true });
	const settings = async () => {
		await page.getByTestId('ndv').getByTestId('tab-settings').click();
		await page.getByTestId('ndv').getByText('Notes', { exact: true }).waitFor();
	};
	await settings();
	expect(await offered().count()).toBe(0);
	await closeNode(page);
	await open(mappingWorkflow(clubTextingApi));
	expect(await advice.count()).toBe(0);
	await settings();
	await offered().waitFor();
	await closeNode(page);
});

test('the SMS campaign example puts failed items on their own branch', async () => {
	const { page } = editor;
	const example = (await readExamples(bed.credentials)).find(({ id }) => id === 'exampleSmsCampaign');
	if (example === undefined) throw new Error('The example is missing');
	bed.simulator.clubTexting.books.refusedNumbers.add('7185550160');
	const { id } = await createWorkflow(bed.rest, {
		name: example.name,
		nodes: example.nodes,
		connections: example.connections,
		pinData: example.pinData,
	});
	await page.goto(`/workflow/${id}`);
	await executeWorkflow(page, ['Send Texts', 'Sent', 'Not Sent']);

	await openNode(page, 'Not Sent');
	const failed = await outputRows(page);
	expect(failed.map(({ eventId }) => eventId)).toEqual(['evt-2044', 'evt-2045', 'evt-2047']);
	expect(failed.every(({ error }) => error !== '')).toBe(true);
	await closeNode(page);
	await openNode(page, 'Sent');
	expect(await outputRows(page)).toHaveLength(5);

	const texted = bed.simulator.clubTexting.books.delivered.map(({ number }) => number);
	expect(new Set(texted).size).toBe(texted.length);
});
