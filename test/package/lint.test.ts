import { type Finding, lintSnippets, type Snippet } from './linter';

const node = (description: string, execute: string) => `
import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

export class ClubTexting implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Club Texting',
		name: 'clubTexting',
		icon: { light: 'file:../../icons/clubtexting.svg', dark: 'file:../../icons/clubtexting.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: '={{$parameter["operation"]}}',
		description: 'Send text messages',
		defaults: { name: 'Club Texting' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		${description}
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		${execute}
	}
}
`;
const nodePath = 'nodes/ClubTexting/ClubTexting.node.ts';
const goodProperties = `properties: [{ displayName: 'Message', name: 'message', type: 'string', default: '' }],`;
const goodExecute =
	'return [this.getInputData().map((item, index) => ({ json: {}, pairedItem: { item: index } }))];';

const credential = (fields: string, property: string) => `
import type { ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';

export class ClubTextingApi implements ICredentialType {
	name = 'clubTextingApi';
	${fields}
	properties: INodeProperties[] = [{ ${property} }];
	test: ICredentialTestRequest = { request: { baseURL: 'https://app.clubtexting.com', url: '/' } };
}
`;
const credentialPath = 'credentials/ClubTextingApi.credentials.ts';
const goodFields = `
	displayName = 'Club Texting API';
	icon = { light: 'file:../icons/clubtexting.svg', dark: 'file:../icons/clubtexting.dark.svg' } as const;
	documentationUrl = 'https://github.com/messaging-credits/n8n-nodes-messaging-credits';`;
const goodProperty = `displayName: 'Password', name: 'password', type: 'string', typeOptions: { password: true }, default: ''`;

const wrong: Array<Snippet & { title: string; rules: string[] }> = [
	{
		title: 'a node that reads the environment, waits by itself and imports the file system',
		filePath: nodePath,
		text: `import fs from 'fs';\nsetTimeout(() => fs.readdirSync(process.cwd()), 1);\n${node(goodProperties, goodExecute)}`,
		rules: ['@n8n/community-nodes/no-restricted-globals', '@n8n/community-nodes/no-restricted-imports'],
	},
	{
		title: 'node parameters without default, in lower case and with a full stop',
		filePath: nodePath,
		text: node(
			`properties: [
				{ displayName: 'Message', name: 'message', type: 'string' },
				{ displayName: 'subject', name: 'subject', type: 'string', default: '', description: 'Its subject.' },
			],`,
			goodExecute,
		),
		rules: [
			'n8n-nodes-base/node-param-default-missing',
			'n8n-nodes-base/node-param-description-excess-final-period',
			'n8n-nodes-base/node-param-display-name-miscased',
		],
	},
	{
		title: 'an output item without its input item',
		filePath: nodePath,
		text: node(goodProperties, 'return [[{ json: {} }]];'),
		rules: ['@n8n/community-nodes/missing-paired-item'],
	},
	{
		title: 'a deprecated request helper',
		filePath: nodePath,
		text: node(
			goodProperties,
			`await this.helpers.request({ url: 'https://app.clubtexting.com' }); ${goodExecute}`,
		),
		rules: ['@n8n/community-nodes/no-deprecated-workflow-functions'],
	},
	{
		title: 'an error thrown on from a catch block of a file that is no node',
		filePath: 'nodes/shared/transport.ts',
		text: 'export function read(text: string): unknown {\n\ttry {\n\t\treturn JSON.parse(text);\n\t} catch (error) {\n\t\tthrow error;\n\t}\n}\n',
		rules: ['@n8n/community-nodes/require-node-api-error'],
	},
	{
		title: 'any, console and a type comment in a node file',
		filePath: 'nodes/shared/transport.ts',
		text: '// @ts-expect-error: no\nexport const read = (text: any) => console.log(text);\n',
		rules: ['@typescript-eslint/ban-ts-comment', '@typescript-eslint/no-explicit-any', 'no-console'],
	},
	{
		title: 'a rule switched off in place',
		filePath: 'nodes/shared/transport.ts',
		text: '/* eslint-disable */\nexport const read: any = process; // eslint-disable-line\n',
		rules: ['@typescript-eslint/no-explicit-any', '@n8n/community-nodes/no-restricted-globals'],
	},
	{
		title: 'a credential with an open password, without icon and documentation',
		filePath: credentialPath,
		text: credential(
			`displayName = 'Club Texting';`,
			`displayName: 'Password', name: 'password', type: 'string', default: ''`,
		),
		rules: [
			'@n8n/community-nodes/cred-class-field-icon-missing',
			'@n8n/community-nodes/credential-password-field',
			'n8n-nodes-base/cred-class-field-display-name-missing-api',
			'n8n-nodes-base/cred-class-field-documentation-url-missing',
		],
	},
	{
		title: 'a package with dependencies, an install script and no credit to anybody',
		filePath: 'package.json',
		text: JSON.stringify({
			name: 'messaging-credits',
			version: '1.0.0',
			dependencies: { 'fast-xml-parser': '5.12.1' },
			scripts: { postinstall: 'node build.js' },
			n8n: { n8nNodesApiVersion: 1, nodes: ['nodes/ClubTexting/ClubTexting.node.ts'] },
		}),
		rules: [
			'@n8n/community-nodes/n8n-object-validation',
			'@n8n/community-nodes/no-forbidden-lifecycle-scripts',
			'@n8n/community-nodes/no-runtime-dependencies',
			'@n8n/community-nodes/package-name-convention',
			'@n8n/community-nodes/valid-author',
			'n8n-nodes-base/community-package-json-keywords-missing',
			'n8n-nodes-base/community-package-json-license-missing',
		],
	},
	{
		title: 'a test that is left out',
		filePath: 'test/left-out.test.ts',
		text: `test.skip('nothing', () => {});\n`,
		rules: ['no-restricted-syntax'],
	},
];

const right: Array<Snippet & { title: string }> = [
	{ title: 'a node', filePath: nodePath, text: node(goodProperties, goodExecute) },
	{ title: 'a credential', filePath: credentialPath, text: credential(goodFields, goodProperty) },
	{
		title: 'a test that uses what a node may not',
		filePath: 'test/server.test.ts',
		text: `import { createServer } from 'node:http';\n\nsetTimeout(() => createServer(), Number(process.env.PORT));\n`,
	},
];

let findings: Map<Snippet, Finding[]>;

beforeAll(async () => {
	const snippets = [...wrong, ...right];
	const lists = await lintSnippets(snippets.map(({ filePath, text }) => ({ filePath, text })));
	findings = new Map(snippets.map((snippet, index) => [snippet, lists[index] ?? []]));
});

test.each(wrong)('the lint rules find $title', (snippet) => {
	const rules = findings.get(snippet)?.map(({ ruleId }) => ruleId);
	expect(rules).toEqual(expect.arrayContaining(snippet.rules));
});

test.each(right)('the lint rules let pass $title', (snippet) => {
	expect(findings.get(snippet)).toEqual([]);
});
