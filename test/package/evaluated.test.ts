import path from 'node:path';
import type { ICredentialType, INodeType } from 'n8n-workflow';
import { n8n } from '../../package.json';
import { lintSnippets } from './linter';

const project = path.join(__dirname, '../..');

/** Rules that are not about what the editor gets, or take what is right for wrong. */
const BESIDE = {
	'@n8n/community-nodes/credential-unnecessary-password': 'a card number and its code are secrets',
	'@n8n/community-nodes/node-connection-type-literal': 'written out, a constant is its value',
	'@n8n/community-nodes/webhook-lifecycle-complete': 'methods are not written out',
	'n8n-nodes-base/node-execute-block-missing-continue-on-fail': 'methods are not written out',
	'n8n-nodes-base/node-param-operation-option-action-miscased': 'knows no brackets and no apostrophes',
	'n8n-nodes-base/node-param-multi-options-type-unsorted-items': 'days of the week have an order',
	'n8n-nodes-base/node-param-display-name-wrong-for-dynamic-multi-options':
		'groups have names and no IDs here',
	'n8n-nodes-base/node-param-type-options-password-missing': 'a mode of a list has no such option in n8n',
};

/** A class with the literal that the editor gets of it. */
function writtenOut(file: string): string {
	const name = path.basename(file).split('.')[0]!;
	const loaded = jest.requireActual<Record<string, new () => INodeType & ICredentialType>>(
		path.join(project, file),
	);
	const { description, ...credential } = new loaded[name]!();
	const literal = (value: unknown) =>
		JSON.stringify(value, null, '\t').replace(/^(\t*)"([A-Za-z_$][\w$]*)":/gm, '$1$2:');
	const body = description
		? `\tdescription: INodeTypeDescription = ${literal(description)};`
		: Object.entries(credential)
				.map(([field, value]) => `\t${field} = ${literal(value)};`)
				.join('\n');
	const type = description ? 'INodeType' : 'ICredentialType';
	return `export class ${name} implements ${type} {\n${body}\n}\n`;
}

test('n8n’s rules for what the editor shows hold where fields are put together by code, too', async () => {
	const built = [...n8n.nodes, ...n8n.credentials];
	const files = built.map((file) => file.replace(/^dist\//, '').replace(/\.js$/, '.ts'));
	const lists = await lintSnippets(files.map((file) => ({ filePath: file, text: writtenOut(file) })));
	const wrong = lists.flat().filter(({ ruleId }) => !Object.hasOwn(BESIDE, String(ruleId)));
	expect(wrong).toEqual([]);
});
