import { mkdir } from 'node:fs/promises';
import path from 'node:path';

import type { INode, INodeParameters, INodePropertyOptions, INodeTypeDescription } from 'n8n-workflow';
import type { Page } from 'playwright-core';

import { type Bed, packageName } from '../test/e2e/bed';
import { foundNodes } from '../test/e2e/browser';
import { createWorkflow, getFile } from '../test/e2e/rest';

/** Ignored by git. */
const folder = path.resolve(__dirname, '../n8n/.n8n/forms');

/** High enough for the longest form. */
const VIEWPORT = { width: 1440, height: 1500 };

/** What a person may type who looks for one of the nodes. */
const SEARCHES = ['club texting', 'ez texting', 'click2mail', 'mailpartner', 'credits', 'send sms'];

/**
 * Takes a picture of every form that the nodes have, as n8n's editor shows it with nothing filled in.
 *
 * @param wanted which ones, by their names
 */
export async function takeForms(bed: Bed, page: Page, wanted: RegExp): Promise<void> {
	await mkdir(folder, { recursive: true });
	await page.setViewportSize(VIEWPORT);

	const own = (await descriptionsOf(bed)).filter(
		({ name }) => name.startsWith(`${packageName}.`) && !name.endsWith('Tool'),
	);
	const nodes = own
		.flatMap((description) => nodesOf(description, bed))
		.filter(({ name }) => wanted.test(name));
	const { id } = await createWorkflow(bed.rest, { name: 'Forms', nodes, connections: {}, pinData: {} });
	for (const node of nodes) {
		await page.goto(`/workflow/${id}/${node.id}`);
		const panel = page.getByTestId('ndv');
		await panel.waitFor();
		await page.getByTestId('node-parameters').waitFor();
		await panel.screenshot({ path: path.join(folder, `${node.name}.png`), animations: 'disabled' });
		console.log(path.relative(process.cwd(), path.join(folder, `${node.name}.png`)));
	}
	for (const search of SEARCHES.filter((text) => wanted.test(`search ${text}`))) {
		await foundNodes(page, search);
		await page.screenshot({ path: path.join(folder, `search ${search}.png`), animations: 'disabled' });
	}
}

/** All node types as the editor gets them. */
export async function descriptionsOf(bed: Bed): Promise<INodeTypeDescription[]> {
	return (await (await getFile(bed.rest, '/types/nodes.json')).json()) as INodeTypeDescription[];
}

/** A node for each operation; one for a node without operations. */
function nodesOf({ name, properties, credentials = [] }: INodeTypeDescription, bed: Bed): INode[] {
	const values = (property: string, resource?: string) =>
		properties
			.filter(
				({ name: own, displayOptions }) =>
					own === property && (resource === undefined || displayOptions?.show?.resource?.includes(resource)),
			)
			.flatMap(({ options = [] }) => options as INodePropertyOptions[])
			.map(({ value }) => String(value))
			.filter((value) => !value.startsWith('__'));
	const resources = values('resource');
	const forms: INodeParameters[] =
		resources.length === 0
			? [{}]
			: resources.flatMap((resource) =>
					values('operation', resource).map((operation) => ({ resource, operation })),
				);
	const type = name.replace(`${packageName}.`, '');
	return forms.map((parameters, place) => {
		const title = [type, ...Object.values(parameters)].join(' ');
		return {
			id: `${type}-${place}`,
			name: title,
			type: name,
			typeVersion: 1,
			position: [place * 200, 0],
			parameters,
			credentials: Object.fromEntries(
				credentials.map((credential) => {
					const { id, name: label } = bed.credentials[credential.name as keyof Bed['credentials']];
					return [credential.name, { id, name: label }];
				}),
			),
		};
	});
}
