import { Agent, request } from 'node:http';
import type {
	IDataObject,
	IExecuteFunctions,
	IN8nHttpFullResponse,
	INodeExecutionData,
	INodeType,
} from 'n8n-workflow';
import { description } from '../engine/nodeTypes';
import { metered } from './measure';
import { PERSONAL_TEXT, type Addresses, type Wiring } from './work';

/**
 * The least that a node can do which sends one request after another through n8n: two expressions and one request for
 * each item, nothing checked, nothing written down. What it costs is n8n's.
 */
export const leastNode: INodeType = {
	description: description('Least', {
		version: 1,
		credentials: [{ name: 'clubTextingApi', required: true }],
		properties: ['phoneNumbers', 'message'].map((name) => ({
			displayName: name,
			name,
			type: 'string',
			default: '',
		})),
	}),
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const data = await this.getCredentials('clubTextingApi');
		const output: INodeExecutionData[] = [];
		for (let item = 0; item < this.getInputData().length; item++) {
			const PhoneNumbers = [this.getNodeParameter('phoneNumbers', item) as string];
			const Message = this.getNodeParameter('message', item) as string;
			const { body } = (await this.helpers.httpRequestWithAuthentication.call(
				this,
				'clubTextingApi',
				{
					method: 'POST',
					url: `${data.baseUrl as string}/sending/messages`,
					headers: { Accept: 'application/json', 'Content-Type': 'application/x-www-form-urlencoded' },
					qs: { format: 'json' },
					body: { PhoneNumbers, Message, MessageTypeID: '1' },
					encoding: 'text',
					returnFullResponse: true,
					ignoreHttpStatusErrors: true,
					disableFollowRedirect: true,
				},
				{ credentialsDecrypted: { id: '', name: '', type: 'clubTextingApi', data } },
			)) as IN8nHttpFullResponse;
			output.push({ json: JSON.parse(body as string) as IDataObject, pairedItem: { item } });
		}
		return [output];
	},
};

export function least(to: Addresses): Wiring {
	return {
		type: 'bench.least',
		parameters: { phoneNumbers: '={{ $json.phone }}', message: PERSONAL_TEXT },
		credentials: { clubTextingApi: { environment: 'custom', ...to.clubTexting } },
	};
}

/**
 * The same requests from Node.js alone, one after another, with everything known beforehand.
 *
 * @param keepAlive one connection for all of them; else a new one for each, as n8n makes them
 * @throws when one of them is not answered by 201
 */
export async function bareClient(
	to: Addresses,
	messages: Array<{ phone: string; text: string }>,
	keepAlive: boolean,
) {
	const { baseUrl, username, password } = to.clubTexting;
	const url = new URL(`${baseUrl}/sending/messages?format=json`);
	const kept = new Agent({ keepAlive: true, maxSockets: 1 });
	const bodies = messages.map(({ phone, text }) =>
		new URLSearchParams({
			User: username,
			Password: password,
			'PhoneNumbers[]': phone,
			Message: text,
			MessageTypeID: '1',
		}).toString(),
	);
	globalThis.gc?.();
	const { given: ids, ...taken } = await metered(async () => {
		const answered: unknown[] = [];
		for (const body of bodies) answered.push(await post(url, keepAlive ? kept : new Agent(), body));
		return answered;
	});
	kept.destroy();
	return { ...taken, requests: ids.length };
}

async function post(url: URL, agent: Agent, body: string): Promise<unknown> {
	return await new Promise((resolve, reject) => {
		const sent = request(
			url,
			{
				method: 'POST',
				agent,
				headers: {
					Accept: 'application/json',
					'Content-Type': 'application/x-www-form-urlencoded',
					'Content-Length': Buffer.byteLength(body),
				},
			},
			(reply) => {
				let text = '';
				reply.setEncoding('utf8');
				reply.on('data', (chunk: string) => (text += chunk));
				reply.on('end', () => {
					if (reply.statusCode !== 201) return reject(new Error(`${reply.statusCode} ${text}`));
					resolve((JSON.parse(text) as { Response: { Entry: { ID: unknown } } }).Response.Entry.ID);
				});
			},
		);
		sent.once('error', reject);
		sent.end(body);
	});
}
