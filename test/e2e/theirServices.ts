import { createHmac } from 'node:crypto';
import { isResourceLocatorValue, type INode } from 'n8n-workflow';
import type { Example } from './examples';
import type { Credential } from './rest';
import type { Service } from './standIns';

/** A spreadsheet of Google's with one sheet, `Sheet1`, whose first row names the columns. */
export function googleSheets(rows: Array<Array<string | number>>): { rows: typeof rows; answer: Service } {
	const values = `/v4/spreadsheets/${SPREADSHEET}/values/`;
	return {
		rows,
		answer({ method, path, body }) {
			if (method === 'GET' && path === `/v4/spreadsheets/${SPREADSHEET}`)
				return { sheets: [{ properties: { sheetId: 0, title: 'Sheet1' } }] };
			if (method === 'GET' && path.startsWith(values)) return { values: rows };
			if (method !== 'POST' || path !== `/v4/spreadsheets/${SPREADSHEET}/values:batchUpdate`)
				return undefined;
			const { data } = body as { data: Array<{ range: string; values: [[string]] }> };
			for (const { range, values: cells } of data) {
				const [, column, row] = /^Sheet1!([A-Z])(\d+)$/.exec(range)!;
				rows[Number(row) - 1]![column!.charCodeAt(0) - 'A'.charCodeAt(0)] = cells[0][0];
			}
			return { spreadsheetId: SPREADSHEET, totalUpdatedCells: data.length };
		},
	};
}

/** Slack, for who posts to a channel. */
export const slack: Service = ({ method, path }) =>
	method === 'POST' && path === '/api/chat.postMessage'
		? { ok: true, channel: CHANNEL, ts: '1700000000.000100', message: {} }
		: undefined;

/** A shop with WooCommerce: its webhooks, and how it calls them. */
export function wooCommerce() {
	const hooks: Array<{ id: number; delivery_url: string; topic: string; secret: string; status: string }> =
		[];
	const answer: Service = ({ method, path, body }) => {
		if (path !== '/wp-json/wc/v3/webhooks') return undefined;
		if (method === 'GET') return hooks;
		const hook = { ...(body as (typeof hooks)[number]), id: hooks.length + 1, status: 'active' };
		hooks.push(hook);
		return hook;
	};
	/** Reports an order, signed with the webhook's secret or another one, and gives the status of n8n's answer. */
	async function report(order: object, secret = hooks[0]!.secret): Promise<number> {
		const content = JSON.stringify(order);
		const { status } = await fetch(hooks[0]!.delivery_url, {
			method: 'POST',
			headers: {
				'Content-Type': 'application/json',
				'X-WC-Webhook-ID': String(hooks[0]!.id),
				'X-WC-Webhook-Topic': hooks[0]!.topic,
				'X-WC-Webhook-Signature': createHmac('sha256', secret).update(content).digest('base64'),
			},
			body: content,
		});
		return status;
	}
	return { answer, hooks, report };
}

export const SPREADSHEET = 'spreadsheet-of-a-test';
export const CHANNEL = 'C0000000001';
const PICKS: Record<string, string> = {
	documentId: SPREADSHEET,
	channelId: CHANNEL,
	base: 'appOfATest00000001',
	table: 'tblOfATest00000001',
	calendar: 'team@example.com',
};

/**
 * An example as somebody has it who chose credentials, spreadsheet, channel and the like, with nothing pinned any more.
 *
 * @param theirs a credential for each type of n8n's nodes that needs one
 */
export function setUp(example: Example, theirs: Record<string, Credential>): Omit<Example, 'id' | 'pinData'> {
	const { name, nodes, connections, settings } = example;
	return { name, settings, connections, nodes: nodes.map((node) => withPicks(node, theirs[node.type])) };
}

function withPicks(node: INode, credential?: Credential): INode {
	const picked = Object.entries(node.parameters)
		.filter(([, value]) => isResourceLocatorValue(value) && value.value === '')
		.map(([key]) => [key, { __rl: true, mode: 'id', value: PICKS[key]! }] as const);
	return {
		...node,
		parameters: { ...node.parameters, ...Object.fromEntries(picked) },
		...(credential && {
			credentials: { [credential.type]: { id: credential.id, name: credential.name } },
		}),
	};
}
