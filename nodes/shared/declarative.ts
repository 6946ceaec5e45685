import type {
	DeclarativeRestApiSettings,
	ICredentialDataDecryptedObject,
	IDataObject,
	IExecutePaginationFunctions,
	IExecuteSingleFunctions,
	IN8nHttpFullResponse,
	INodeExecutionData,
	INodePropertyRouting,
} from 'n8n-workflow';
import { failedItem, Failures, nodeErrorOf } from './failures';
import { ask } from './judge';
import { maskOf, type Mask } from './mask';
import type { Call, Provider, WireRequest } from './operation';
import { invalid } from './outcome';
import { interruptionOf, replyOf, requestOptions, type Interruption } from './transport';
import type { Reply } from './reply';

/** What a declarative read may do; bound to one item. */
export interface Reading {
	/** Asks for something; repeated up to twice when no clear answer comes. */
	read: Call['read'];
	/** A parameter of the item, as n8n resolved it. */
	parameter: (name: string) => unknown;
	option: (name: string) => unknown;
	/** Masks secrets in a reply. */
	readonly mask: Mask;
}

/**
 * The routing of a read. n8n's request engine sends what `find` asks for and adds the log-in; `find` follows the pages
 * and makes the items.
 *
 * n8n runs such a read for all input items at once. One that fails must not take the others' results along, so with
 * "Continue" it becomes a failed item here and is not left to n8n, which would drop its details and its pairing.
 */
export function reads(
	provider: Provider,
	operation: string,
	find: (reading: Reading) => Promise<IDataObject[]>,
): INodePropertyRouting {
	return {
		request: { method: 'GET', url: '/' },
		send: { paginate: true },
		operations: {
			async pagination(this: IExecutePaginationFunctions, routed: DeclarativeRestApiSettings.ResultOptions) {
				const item = this.getItemIndex();
				const credential = await this.getCredentials(provider.credential);
				const mask = maskOf(provider.secrets(credential));
				const failures = new Failures(provider, operation, mask);
				try {
					const found = await find(readingOf(this, routed, provider, credential, mask, failures));
					return found.map((json) => ({ json, pairedItem: { item } }));
				} catch (error) {
					const failure = failures.of(error);
					if (!this.continueOnFail()) {
						throw nodeErrorOf(
							this.getNode(),
							failure,
							item,
							'This was a request to read; nothing was changed.',
						);
					}
					return [failedItem(this.getNode(), failure, item)];
				}
			},
		},
		output: { postReceive: [handOn] },
	};
}

/** Hands the reply on as it came: what it means is judged where all replies are. */
async function handOn(
	this: IExecuteSingleFunctions,
	_items: INodeExecutionData[],
	response: IN8nHttpFullResponse,
): Promise<INodeExecutionData[]> {
	return [{ json: replyOf(response) as unknown as IDataObject }];
}

function readingOf(
	context: IExecutePaginationFunctions,
	routed: DeclarativeRestApiSettings.ResultOptions,
	provider: Provider,
	credential: ICredentialDataDecryptedObject,
	mask: Mask,
	failures: Failures,
): Reading {
	const baseUrl = provider.baseUrl(credential);
	const options = context.getNodeParameter('options', {}) as IDataObject;
	const timeout = Number(options.timeout ?? provider.timeout);
	if (!(timeout >= 1)) throw invalid('Timeout', 'must be at least 1 ms');
	const signal = context.getExecutionCancelSignal();

	const exchange = async (request: WireRequest): Promise<Reply | Interruption> => {
		if (signal?.aborted) throw failures.cancelled();
		try {
			const [reply] = await context.makeRoutingRequest({
				...routed,
				options: { ...routed.options, ...requestOptions(provider, baseUrl, request, timeout) },
			});
			return reply!.json as unknown as Reply;
		} catch (error) {
			return interruptionOf(error, timeout);
		}
	};
	return {
		mask,
		parameter: (name) => context.getNodeParameter(name),
		option: (name) => options[name],
		async read(request, normalise) {
			const send = async () => await exchange(request);
			return (await ask(provider, send, normalise, mask, failures, signal)).value;
		},
	};
}
