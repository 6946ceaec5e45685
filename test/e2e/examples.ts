import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';

import type { INode } from 'n8n-workflow';

import { type Simulator, cards } from '../simulator';

import type { Credentials } from './bed';
import type { CredentialFile } from './n8n';
import type { WorkflowFile } from './rest';

export type Example = WorkflowFile & { id: string };
export type CredentialType = keyof Credentials;

const root = path.resolve(__dirname, '../..');

/** The files of a folder of workflows, in the order of `readExamples`. */
export async function exampleFiles(from: string): Promise<string[]> {
	return (await readdir(path.join(root, from))).filter((file) => file.endsWith('.json')).sort();
}

/** The workflows of a folder, `examples/` by default, with these credentials chosen in every node that needs one. */
export async function readExamples(
	credentials: Record<CredentialType, { id: string; name: string }>,
	from = 'examples',
): Promise<Example[]> {
	return await Promise.all(
		(await exampleFiles(from)).map(async (file) => {
			const example = JSON.parse(await readFile(path.join(root, from, file), 'utf8')) as Example;
			return { ...example, nodes: example.nodes.map((node) => withCredentials(node, credentials)) };
		}),
	);
}

function withCredentials(node: INode, credentials: Record<string, { id: string; name: string }>): INode {
	if (node.credentials === undefined) return node;
	const chosen = Object.keys(node.credentials).flatMap((type) => {
		const credential = credentials[type];
		return credential === undefined ? [] : [[type, { id: credential.id, name: credential.name }]];
	});
	return { ...node, credentials: Object.fromEntries(chosen) as INode['credentials'] };
}

/** One credential of each type for the simulator, named as n8n itself names new ones. */
export function simulatorCredentials(simulator: Simulator): Record<CredentialType, CredentialFile> {
	const file = (type: CredentialType, name: string, data: Record<string, unknown>) => ({
		id: type,
		name,
		type,
		data,
	});
	return {
		click2MailApi: file('click2MailApi', 'Click2Mail account', simulator.click2mail.credentials),
		clubTextingApi: file('clubTextingApi', 'Club Texting account', simulator.clubTexting.credentials),
		ezTextingApi: file('ezTextingApi', 'EZ Texting account', simulator.ezTexting.credentials),
		mailPartnerApi: file('mailPartnerApi', 'MailPartner account', simulator.mailPartner.credentials),
		paymentCardApi: file('paymentCardApi', 'Payment Card account', cards.visa),
	};
}
