import { type Locator, type Page, chromium, selectors } from 'playwright-core';

import { type Owner, owner as usualOwner } from './rest';
import { until } from './until';

/** n8n's editor in a headless Chromium, with somebody logged in. */
export interface Editor {
	page: Page;
	close(): Promise<void>;
}

/** Starts Debian's Chromium (`CHROMIUM` names another one) and logs in through n8n's form. */
export async function openEditor(url: string, owner: Owner = usualOwner): Promise<Editor> {
	selectors.setTestIdAttribute('data-test-id');
	const browser = await chromium.launch({
		executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
		args: [
			'--no-sandbox',
			'--disable-gpu',
			'--disable-quic',
			'--no-first-run',
			'--disable-background-networking',
			'--disable-component-update',
			'--disable-sync',
		],
	});
	const context = await browser.newContext({
		baseURL: url,
		viewport: { width: 1440, height: 900 },
		locale: 'en-US',
	});
	const page = await context.newPage();
	page.setDefaultTimeout(60_000);
	await page.goto('/signin');
	await page.locator('input[name=emailOrLdapLoginId]').fill(owner.email);
	await page.locator('input[name=password]').fill(owner.password);
	await page.getByTestId('form-submit-button').click();
	await page.waitForURL((at) => !at.pathname.startsWith('/signin'));
	return { page, close: async () => await browser.close() };
}

/** Adds a node to an empty canvas as a person does: searches the nodes panel, picks the node, picks an action. */
export async function addNode(page: Page, search: string, name: string, action: string): Promise<void> {
	await page.goto('/workflow/new');
	await page.getByTestId('canvas-plus-button').click();
	await page.getByTestId('node-creator-search-bar').fill(search);
	await listed(page, name).click();
	// Where the node has a trigger too, the panel shows that one's entries first.
	const actions = page.getByText(/^Actions \(\d+\)$/);
	await listed(page, action).or(actions).first().waitFor();
	if (!(await listed(page, action).isVisible())) await actions.click();
	await listed(page, action).click();
	await page.getByTestId('ndv').waitFor();
}

/** The names of the nodes that n8n's panel lists for what somebody types. */
export async function foundNodes(page: Page, search: string): Promise<string[]> {
	await page.goto('/workflow/new');
	await page.getByTestId('canvas-plus-button').click();
	await page.getByTestId('node-creator-search-bar').fill(search);
	// What the panel lists before anything is typed.
	await page.getByText('Trigger manually').waitFor({ state: 'hidden' });
	const names = page.getByTestId('node-creator-item-name');
	await names.first().waitFor();
	return await names.allTextContents();
}

/** An entry of the panel. Behind the name of an act stands what it costs. */
function listed(page: Page, name: string): Locator {
	return page.getByTestId('node-creator-item-name').filter({ hasText: new RegExp(`^${name}( \\(.+\\))?$`) });
}

/** Opens the panel of a node that is on the canvas. */
export async function openNode(page: Page, name: string): Promise<void> {
	await page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`).dblclick();
	await page.getByTestId('ndv').waitFor();
}

export async function closeNode(page: Page): Promise<void> {
	await page.getByTestId('ndv-close-button').click();
	await page.getByTestId('ndv').waitFor({ state: 'hidden' });
}

function parameter(page: Page, name: string): Locator {
	return page.getByTestId('ndv').getByTestId(`parameter-input-${name}`);
}

/** The names of the parameters that the open panel shows, top to bottom, those of collections left out. */
export async function shownParameters(page: Page): Promise<string[]> {
	const inputs = await page
		.getByTestId('node-parameters')
		.locator('[data-test-id^="parameter-input-"]')
		.all();
	const names: string[] = [];
	for (const input of inputs) {
		const id = (await input.getAttribute('data-test-id')) ?? '';
		if (id !== 'parameter-input-field' && (await input.isVisible()))
			names.push(id.replace('parameter-input-', ''));
	}
	return names;
}

/** The entries of a drop-down, without their descriptions. */
export async function optionsOf(page: Page, name: string): Promise<string[]> {
	await parameter(page, name).click();
	const entries = page.locator('.el-select-dropdown__item:visible');
	await entries.first().waitFor();
	const texts = await entries.locator('.option-headline').allTextContents();
	await page.keyboard.press('Escape');
	return texts.map((text) => text.trim());
}

/** Picks an entry of a drop-down. */
export async function choose(page: Page, name: string, option: string): Promise<void> {
	await parameter(page, name).click();
	const entry = page.locator('.el-select-dropdown__item:visible').filter({
		has: page.getByText(option, { exact: true }),
	});
	await entry.click();
	await entry.waitFor({ state: 'hidden' });
}

/** Types into a parameter. n8n takes a text over a moment after the last key: this waits until it has. */
export async function type(page: Page, name: string, text: string): Promise<void> {
	await parameter(page, name).locator('input, textarea').fill(text);
	await page.keyboard.press('Tab');
	await page.waitForFunction(storedIn, { name, text });
}

/** Runs in the page: whether a node of the workflow on the canvas has this value of a parameter. */
function storedIn({ name, text }: { name: string; text: string }): boolean {
	type Documents = Record<string, { nodesByName?: Record<string, { parameters: Record<string, unknown> }> }>;
	type App = { __vue_app__: { config: { globalProperties: { $pinia: { state: { value: Documents } } } } } };
	const root = (globalThis as unknown as { document: { querySelector(selector: string): App } }).document;
	const stores = root.querySelector('#app').__vue_app__.config.globalProperties.$pinia.state.value;
	return Object.entries(stores)
		.filter(([id]) => id.startsWith('workflowDocuments/'))
		.flatMap(([, { nodesByName = {} }]) => Object.values(nodesByName))
		.some(({ parameters }) => String(parameters[name]) === text);
}

/** Picks a stored credential for the open node, in the field with this label. */
export async function chooseCredential(page: Page, label: string, name: string): Promise<void> {
	const slot = page.getByTestId('node-credentials-slot').filter({ hasText: label });
	const entry = page
		.locator('[data-test-id^="node-credentials-select-item-"]:visible')
		.filter({ hasText: name });
	// The first click only takes the focus away from the field before it.
	await until('the list of credentials opens', async () => {
		await slot.locator('.el-input__wrapper').click();
		await entry.waitFor({ timeout: 3000 });
		return true;
	});
	await entry.click();
	await slot.getByTestId('credential-edit-button').waitFor();
}

/** Picks an account from a list that n8n loads from the provider. */
export async function chooseFromList(page: Page, name: string, entry: string | RegExp): Promise<void> {
	await page.getByTestId(`resource-locator-${name}`).getByTestId('rlc-input').click();
	await page.getByTestId('rlc-item').filter({ hasText: entry }).click();
}

/** Presses "Execute step" and waits for the result: `success`, or the message of the error that is shown. */
export async function executeStep(page: Page): Promise<string> {
	await page.getByTestId('node-execute-button').click();
	const output = page.getByTestId('output-panel');
	const success = output.getByTestId('node-run-status-success');
	await success.or(output.getByTestId('node-run-status-danger')).first().waitFor();
	if (await success.isVisible()) return 'success';
	return await output.getByTestId('node-error-message').innerText();
}

/** The rows of the output table of the open panel. */
export async function outputRows(page: Page): Promise<Array<Record<string, string>>> {
	const output = page.getByTestId('output-panel');
	await output.getByTestId('radio-button-table').click();
	await output.locator('tbody tr').first().waitFor();
	const headings = (await output.locator('thead th').allTextContents()).map((text) => text.trim());
	const rows = await output.locator('tbody tr').all();
	return await Promise.all(
		rows.map(async (row) => {
			const cells = await row.locator('td').allTextContents();
			return Object.fromEntries(headings.map((heading, i) => [heading, (cells[i] ?? '').trim()]));
		}),
	);
}

/** The names of the fields that the input of the open node offers, once there is one of this name. */
export async function fieldsToMap(page: Page, awaited: string): Promise<string[]> {
	const names = page.getByTestId('ndv').getByTestId('run-data-schema-item');
	await names.filter({ hasText: awaited }).first().waitFor();
	return (await names.allTextContents()).map((text) => text.trim());
}

/** Presses "Execute workflow" and waits until every node is done. */
export async function executeWorkflow(page: Page, nodes: string[]): Promise<void> {
	await page.getByTestId('execute-workflow-button').click();
	for (const name of nodes) {
		const node = page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
		await node.getByTestId('canvas-node-status-success').waitFor();
	}
}

/** Opens the dialog of the credential that the open node uses; n8n tests it at once. */
export async function openCredential(page: Page): Promise<Locator> {
	await page.getByTestId('credential-edit-button').click();
	const dialog = page.getByTestId('editCredential-modal');
	await dialog.waitFor();
	return dialog;
}

export const credentialWorks = (dialog: Locator): Locator =>
	dialog.getByTestId('credentials-config-container-test-success');
export const credentialFails = (dialog: Locator): Locator =>
	dialog.getByText(/Couldn.t connect with these settings/);
