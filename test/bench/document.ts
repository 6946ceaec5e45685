import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Container } from '@n8n/di';
import { BinaryDataService } from 'n8n-core';
import type { IBinaryData } from 'n8n-workflow';
import { itemsOf } from './engine';
import { freeMarks } from './marks';
import { openAll } from './nodes';
import { stretched, type Stretch } from './stretch';
import type { Tools } from './tasks';
import { HTTP_REQUEST, type Addresses, type Wiring } from './work';

/** Where n8n keeps the file of an item: on its disk, which is its default, or in memory. */
type Keeping = 'disk' | 'memory';

export interface Documents {
	/** Of one document. */
	megabytes: number;
	/** The longest that the event loop had no turn while a letter was mailed. */
	ours: Record<Keeping, Stretch>;
	/** While the HTTP Request node uploaded the same file. */
	theirs: Record<Keeping, Stretch>;
}

/** How long a document holds n8n: of one letter, and of the upload alone in n8n's HTTP Request node. */
export async function documents(tools: Tools): Promise<Documents> {
	const folder = path.join(tmpdir(), `messaging-credits-documents-${process.pid}`);
	// Read when n8n's service is made.
	process.env.N8N_BINARY_DATA_STORAGE_PATH = folder;
	const { nodes } = await openAll();
	const watched = stretched({
		'bench.letter': nodes['n8n-nodes-messaging-credits.click2Mail'],
		[HTTP_REQUEST]: nodes[HTTP_REQUEST],
	});
	const { bench } = await openAll(watched.types);
	const megabytes = Math.max(1, 20 * tools.scale);
	const content = Buffer.alloc(megabytes * 1_000_000, '%PDF-1.4 /Count 1 ');

	const longest = async (wiring: Wiring, keeping: Keeping): Promise<Stretch> => {
		let runs = 0;
		for (let turn = 0; turn <= tools.turns; turn++) {
			await tools.count();
			const item = { json: { turn }, binary: { data: await kept(content, keeping) } };
			const { result } = await bench.run(wiring, [item], freeMarks());
			runs += itemsOf(result).filter(({ json }) => json.submitted === true || json.data !== undefined).length;
			// The first one warms up.
			if (turn === 0) watched.forget();
		}
		if (runs !== tools.turns + 1) throw new Error(`${wiring.type} uploaded ${runs} documents`);
		tools.report(`${wiring.type}, ${keeping}`);
		const found = watched.longest();
		watched.forget();
		return found;
	};
	try {
		await Container.get(BinaryDataService).init();
		return {
			megabytes,
			ours: {
				disk: await longest(letter(tools.to), 'disk'),
				memory: await longest(letter(tools.to), 'memory'),
			},
			theirs: {
				disk: await longest(upload(tools.to), 'disk'),
				memory: await longest(upload(tools.to), 'memory'),
			},
		};
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

async function kept(content: Buffer, keeping: Keeping): Promise<IBinaryData> {
	const about = { data: '', mimeType: 'application/pdf', fileName: 'letter.pdf', fileExtension: 'pdf' };
	if (keeping === 'memory') return { ...about, data: content.toString('base64') };
	const place = { type: 'execution' as const, workflowId: 'workflow', executionId: '1' };
	return await Container.get(BinaryDataService).store(place, content, about);
}

const letter = ({ click2mail }: Addresses): Wiring => ({
	type: 'bench.letter',
	parameters: {
		resource: 'letter',
		operation: 'send',
		firstName: 'Ann',
		address1: '1 Main St',
		city: 'Dayton',
		state: 'OH',
		zip: '45402',
		maximumCost: 5,
	},
	credentials: { click2MailApi: { environment: 'custom', ...click2mail } },
});

const upload = ({ click2mail }: Addresses): Wiring => ({
	type: HTTP_REQUEST,
	parameters: {
		method: 'POST',
		url: `${click2mail.baseUrl}/documents`,
		authentication: 'genericCredentialType',
		genericAuthType: 'httpBasicAuth',
		sendBody: true,
		contentType: 'multipart-form-data',
		bodyParameters: {
			parameters: [
				{ parameterType: 'formData', name: 'documentFormat', value: 'PDF' },
				{ parameterType: 'formData', name: 'documentClass', value: 'Letter 8.5 x 11' },
				{ parameterType: 'formBinaryData', name: 'file', inputDataFieldName: 'data' },
			],
		},
		options: {},
	},
	attached: { httpBasicAuth: { id: 'httpBasicAuth', name: 'httpBasicAuth' } },
	credentials: { httpBasicAuth: { user: click2mail.username, password: click2mail.password } },
});
