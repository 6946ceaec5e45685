import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { IDataObject, IExecuteFunctions, INodeParameters } from 'n8n-workflow';
import { checkedCard } from '../../nodes/shared/card';
import { fieldsOf } from '../../nodes/shared/description';
import type { AnyOperation, Call, Operation, Provider, WireRequest } from '../../nodes/shared/operation';
import { OperationFailure } from '../../nodes/shared/outcome';
import { parameterReaders, type Parameters } from '../../nodes/shared/parameters';
import { UnrecognisedReply, type Reply } from '../../nodes/shared/reply';
import { cards, type CardData } from '../simulator';

/** A sample reply of test/fixtures, `<provider>/<operation>.<case>`, as it would arrive. */
export function fixture(name: string, status: number): Reply {
	const text = readFileSync(path.join(__dirname, '../fixtures', name), 'utf8');
	if (!name.endsWith('.http')) return { status, headers: {}, text };
	const [statusLine = '', ...lines] = text.trim().split(/\r?\n/);
	const headers = lines.map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]);
	return {
		status: Number(statusLine.split(' ')[1]),
		headers: Object.fromEntries(headers.map(([key, value]) => [key.toLowerCase(), value])),
		text: '',
	};
}

export interface OnPaper {
	item: IDataObject;
	requests: WireRequest[];
}

/**
 * Runs an operation for one item with replies given in advance: what it would send, and what it makes of the replies.
 *
 * @throws OperationFailure `refused` or `unknown`
 */
export async function onPaper<P>(
	operation: Operation<P>,
	provider: Provider,
	parameters: P,
	replies: Reply[],
	card: CardData = cards.visa,
): Promise<OnPaper> {
	const requests: WireRequest[] = [];
	const ask = <T>(request: WireRequest, normalise: (data: unknown) => T): T => {
		const reply = replies[requests.length];
		if (!reply) throw new Error(`No reply was given for request ${requests.length}`);
		requests.push(request);
		const verdict = provider.judge(reply);
		if (verdict.kind === 'refused') {
			throw new OperationFailure('refused', verdict.message, {
				providerCode: verdict.code,
				httpStatus: reply.status,
			});
		}
		if (verdict.kind === 'unclear') throw new OperationFailure('unknown', verdict.why);
		try {
			return normalise(verdict.data);
		} catch (error) {
			if (error instanceof UnrecognisedReply) throw new OperationFailure('unknown', error.message);
			throw error;
		}
	};
	const call: Call = {
		dryRun: false,
		read: async (request, normalise) => ask(request, normalise),
		act: async (_step, { request, normalise }) => ask(request, normalise),
		once: async (_step, find) => await find(),
		planned: () => 0,
		plan: () => {},
		shared: async (_name, find) => await find(),
		card: () => checkedCard(card),
	};
	return { item: await operation.run(parameters, call), requests };
}

/** The parameters of one item as an operation reads them, in a workflow whose time zone is New York. */
export function readerOf(
	operation: AnyOperation,
	given: INodeParameters,
	credential: IDataObject = {},
): Parameters {
	const labels = new Map<string, string>();
	const defaults = new Map<string, unknown>();
	const values: INodeParameters = {};
	for (const field of fieldsOf(operation, 1000)) {
		labels.set(field.name, field.displayName);
		values[field.name] = field.default;
		for (const entry of field.type === 'collection' ? (field.options ?? []) : []) {
			if (!('type' in entry)) continue;
			labels.set(`${field.name}.${entry.name}`, entry.displayName);
			defaults.set(`${field.name}.${entry.name}`, entry.default);
		}
	}
	const written = { ...values, ...given };
	const context = {
		getNode: () => ({ parameters: written }),
		getNodeParameter: (name: string) => written[name],
	} as unknown as IExecuteFunctions;
	return parameterReaders(context, labels, defaults, credential)(0);
}
