import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { loadOutputSchema } from 'n8n-core';
import { schemaFiles } from '../../scripts/outputSchemas';
import { actionNodes } from './contract';

const root = path.join(__dirname, '../..');

test('the output schemas are what `npm run schemas` makes of the contract, and there is no other', () => {
	const made = schemaFiles();
	for (const [file, text] of made)
		expect({ file, text: readFileSync(path.join(root, file), 'utf8') }).toEqual({ file, text });
	const there = readdirSync(path.join(root, 'nodes'), { recursive: true, encoding: 'utf8' })
		.filter((file) => file.includes('__schema__') && file.endsWith('.json'))
		.map((file) => `nodes/${file}`);
	expect(there.sort()).toEqual([...made.keys()].sort());
});

test('n8n finds one for every operation, beside the node', () => {
	for (const [node, resources] of Object.entries(actionNodes)) {
		const nodeDir = path.join(root, 'nodes', node.charAt(0).toUpperCase() + node.slice(1));
		for (const [resource, operations] of Object.entries(resources))
			for (const [operation, { output }] of Object.entries(operations)) {
				const schema = loadOutputSchema({ nodeDir, version: 1, resource, operation });
				expect(Object.keys((schema as { properties: object }).properties)).toEqual(output);
			}
	}
});

test.each(['buy', 'topUp'])(
	'what EZ Texting replies to “Credit: %s” is shown as it came: no text',
	(operation) => {
		const schema = schemaFiles().get(`nodes/EzTexting/__schema__/v1.0.0/credit/${operation}.json`)!;
		expect(JSON.parse(schema)).toMatchObject({ properties: { reply: { type: 'object' } } });
	},
);
