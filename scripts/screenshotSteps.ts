import { mkdir } from 'node:fs/promises';
import path from 'node:path';

import type { INode } from 'n8n-workflow';
import type { Locator, Page } from 'playwright-core';

import { type Bed, packageName } from '../test/e2e/bed';
import { executeStep, openNode } from '../test/e2e/browser';
import { simulatorCredentials } from '../test/e2e/examples';
import { type WorkflowFile, createWorkflow } from '../test/e2e/rest';

const folder = path.resolve(__dirname, '../docs/images/steps');

/** Small, so that the words can be read where README.md is shown. */
const VIEWPORT = { width: 1120, height: 600 };

/** Takes the pictures of the first steps in README.md: with EZ Texting, the service that takes new customers. */
export async function takeSteps(bed: Bed, page: Page): Promise<void> {
	await mkdir(folder, { recursive: true });
	await page.setViewportSize(VIEWPORT);
	const take = async (file: string, of: Locator | Page) => {
		await of.screenshot({ path: path.join(folder, file), animations: 'disabled' });
		console.log(`docs/images/steps/${file}`);
	};
	await take('1-install.png', await installing(page));
	const { id } = await createWorkflow(bed.rest, answering(bed, { dryRun: true }));
	await page.goto(`/workflow/${id}`);
	await openNode(page, 'Send a Text');
	await rename(bed, 'The simulator’s');
	await take('2-credential.png', await enteringCredential(page));
	await rename(bed, bed.credentials.ezTextingApi.name);
	await page.goto(`/workflow/${id}`);
	await take('3-node.png', await choosingAction(page));
	await page.goto(`/workflow/${id}`);
	await openNode(page, 'Send a Text');
	await executeStep(page);
	// The notice that the run was a success goes by itself.
	await page.locator('.el-notification').last().waitFor({ state: 'hidden' });
	await take('4-dry-run.png', page.getByTestId('ndv'));
	await take('5-publish.png', await publishing(bed, page));
}

/** The dialog that installs a package, which is not pressed. */
async function installing(page: Page): Promise<Locator> {
	await page.goto('/settings/community-nodes');
	await page.getByRole('button', { name: /^Install/ }).click();
	await page.getByTestId('package-name-input').locator('visible=true').fill(packageName);
	await page.getByTestId('user-agreement-checkbox').click();
	return page.getByRole('dialog').filter({ has: page.getByTestId('package-name-input') });
}

/** Gives the stored credential another name: n8n proposes for a new one what no other has. */
async function rename(bed: Bed, name: string): Promise<void> {
	const { type, data } = simulatorCredentials(bed.simulator).ezTextingApi;
	await bed.rest.call('PATCH', `/rest/credentials/${bed.credentials.ezTextingApi.id}`, { name, type, data });
}

/** The dialog of a new credential, which is not saved: n8n would try it on the real host. */
async function enteringCredential(page: Page): Promise<Locator> {
	await page.getByTestId('node-credentials-select').click();
	await page.getByTestId('node-credentials-select-item-new').click();
	const dialog = page.getByTestId('editCredential-modal');
	await dialog.getByTestId('parameter-input-username').locator('input').fill('winnie@example.com');
	await dialog.getByTestId('parameter-input-password').locator('input').fill('a made-up one');
	return dialog;
}

/** What the nodes panel lists of the node, behind the trigger. */
async function choosingAction(page: Page): Promise<Locator> {
	await page.getByTestId('canvas-node').first().waitFor();
	await page.getByTestId('node-creator-plus-button').click();
	const panel = page.getByTestId('node-creator');
	await panel.getByTestId('node-creator-search-bar').fill('ez texting');
	const entry = (name: RegExp) => panel.getByTestId('node-creator-item-name').filter({ hasText: name });
	await entry(/^EZ Texting$/).click();
	const actions = panel.getByText(/^Actions \(\d+\)$/);
	const send = entry(/^Send message/);
	await send.or(actions).first().waitFor();
	if (!(await send.isVisible())) await actions.click();
	await send.scrollIntoViewIfNeeded();
	return panel;
}

async function publishing(bed: Bed, page: Page): Promise<Page> {
	const { id } = await createWorkflow(bed.rest, answering(bed, {}));
	await page.goto(`/workflow/${id}`);
	await page.getByTestId('canvas-node').first().waitFor();
	return page;
}

/** Whoever fills in a form gets a text. */
function answering(bed: Bed, more: INode['parameters']): WorkflowFile {
	const form: INode = {
		id: 'form',
		name: 'Form',
		type: 'n8n-nodes-base.formTrigger',
		typeVersion: 2.2,
		position: [0, 0],
		parameters: {
			formTitle: 'Stay in touch',
			formFields: { values: [{ fieldLabel: 'Name' }, { fieldLabel: 'Phone' }] },
		},
		webhookId: '00000000-0000-4000-8000-000000000001',
	};
	const { id, name } = bed.credentials.ezTextingApi;
	const send: INode = {
		id: 'send',
		name: 'Send a Text',
		type: `${packageName}.ezTexting`,
		typeVersion: 1,
		position: [260, 0],
		parameters: {
			resource: 'message',
			operation: 'send',
			phoneNumbers: '={{ $json.Phone }}',
			message: '=Hi {{ $json.Name }}, thanks for signing up!',
			...more,
		},
		credentials: { ezTextingApi: { id, name } },
	};
	return {
		name: 'Text who fills in the form',
		nodes: [form, send],
		connections: { [form.name]: { main: [[{ node: send.name, type: 'main', index: 0 }]] } },
		pinData: { [form.name]: [{ json: { Name: 'Maria', Phone: '(212) 555-0143' } }] },
	};
}
