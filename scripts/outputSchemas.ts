/**
 * `npm run schemas` writes what each operation gives out as n8n reads it before a node has run:
 * `nodes/<Node>/__schema__/v1.0.0/<resource>/<operation>.json`, from the names in `test/contract/contract.ts`.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { actionNodes } from '../test/contract/contract';

/** A JSON schema as n8n's own nodes ship it. Whatever is absent comes out as null besides. */
export interface Schema {
	type: 'string' | 'number' | 'boolean' | 'object' | 'array';
	properties?: Record<string, Schema>;
	items?: Schema;
	/** Of the file. */
	version?: number;
}

const text: Schema = { type: 'string' };
const texts: Schema = { type: 'array', items: text };
const named = (names: string, schema: Schema) =>
	names.split(' ').map((name): [string, Schema] => [name, schema]);

/** What is no text, by name. */
const SCHEMAS = new Map([
	...named(
		'allowNegative purchased toppedUp created optedOut changed deleted unread available doubleOptIn submitted alreadySubmitted blocked stillScheduled optedIn confirmed',
		{ type: 'boolean' },
	),
	...named(
		'balance balanceBefore balanceAfter amount credits recipientsCount itemsInRequest delivered bounced notAvailable notSentNoCredits notSentOptedOut contactCount planCredits anytimeCredits totalCredits boughtCredits discount creditsBefore creditsAfter emailCredits accountBalance subaccountBalance queued notSent replied noAction cost tax pieces pages needed',
		{ type: 'number' },
	),
	...named(
		'recipients localOptOuts globalOptOuts unlisted messageIds groups contactGroups forwardEmails groupIds',
		texts,
	),
	...named('customFields reply', { type: 'object', properties: {} }),
]);

/** What a name is in one operation only, by operation. */
const OF_OPERATION: Record<string, Record<string, Schema>> = {
	'clubTexting.message.getReport': {
		recipients: { type: 'array', items: { type: 'object', properties: { phoneNumber: text, status: text } } },
	},
	'click2MailCredit.credit.purchase': { status: { type: 'number' } },
	'ezTexting.message.getReport': { optedOut: { type: 'number' } },
};

/** Texts of all files, by their paths below the repository's folder. */
export function schemaFiles(): Map<string, string> {
	const files = new Map<string, string>();
	for (const [node, resources] of Object.entries(actionNodes)) {
		const folder = node.charAt(0).toUpperCase() + node.slice(1);
		for (const [resource, operations] of Object.entries(resources)) {
			for (const [operation, { output }] of Object.entries(operations)) {
				const own = OF_OPERATION[`${node}.${resource}.${operation}`] ?? {};
				const properties = output.map((name) => [name, own[name] ?? SCHEMAS.get(name) ?? text]);
				const schema: Schema = { type: 'object', properties: Object.fromEntries(properties), version: 1 };
				const file = `nodes/${folder}/__schema__/v1.0.0/${resource}/${operation}.json`;
				files.set(file, `${JSON.stringify(schema, null, '\t')}\n`);
			}
		}
	}
	return files;
}

async function write(): Promise<void> {
	const root = path.resolve(__dirname, '..');
	const files = schemaFiles();
	const folders = new Set([...files.keys()].map((file) => file.split('/v1.0.0/')[0]!));
	for (const folder of folders) await rm(path.join(root, folder), { recursive: true, force: true });
	for (const [file, content] of files) {
		await mkdir(path.join(root, path.dirname(file)), { recursive: true });
		await writeFile(path.join(root, file), content);
	}
}

if (require.main === module) void write();
