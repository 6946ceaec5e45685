import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import { fingerprint } from '../shared/idempotency/fingerprint';
import { fallenBelow, MISSING_KEPT, pollBalance, type LowBalances } from '../shared/polling/lowBalance';
import { poll, type Poll } from '../shared/polling/poll';
import { BALANCE_REQUEST, balanceIn, UNIT } from './credit';
import { mailPartner } from './provider';
import { pagesOf, shownSubaccount, type KnownOfSubaccount } from './subaccount';

/** What the trigger node starts on. */
export type Event = 'lowBalance' | 'lowSubaccountBalance' | 'subaccountCreated';

type Polling = (context: IPollFunctions) => Promise<INodeExecutionData[][] | null>;

const EURO = { decimals: 3, unit: UNIT };

/** Fingerprints of the sub-accounts that were there at some poll. */
interface Seen {
	seen: string[];
}

export const pollFor: Record<Event, Polling> = {
	lowBalance: async (context) =>
		await pollBalance(context, mailPartner, EURO, async (current) => {
			const json = await current.read(BALANCE_REQUEST, balanceIn);
			return { balance: json.balance, json };
		}),

	lowSubaccountBalance: async (context) =>
		await poll<LowBalances>(
			context,
			mailPartner,
			'subaccount.getAll',
			'subaccounts',
			async (current, memory) => {
				const readings = (await subaccountsOf(current)).flatMap((known) => {
					const { token, balance } = known;
					if (token === null || balance === null) return [];
					return [{ key: fingerprint(token), balance, json: shownSubaccount(known, false) }];
				});
				return fallenBelow(current, readings, EURO, memory);
			},
		),

	subaccountCreated: async (context) =>
		await poll<Seen>(context, mailPartner, 'subaccount.getAll', 'created', async (current, memory) => {
			const named = (await subaccountsOf(current)).flatMap((known) => {
				const name = known.token ?? known.id ?? known.email;
				return name === null ? [] : [{ key: fingerprint(name), json: shownSubaccount(known, false) }];
			});
			const before = new Set(memory?.seen);
			const there = new Set(named.map(({ key }) => key));
			const isNew = (key: string) => memory !== undefined && !before.has(key);
			return {
				items: named.filter(({ key }) => current.isTest || isNew(key)).map(({ json }) => json),
				memory: {
					// A list that changes while its pages are read may leave one out.
					seen: [...[...before].filter((key) => !there.has(key)).slice(-MISSING_KEPT), ...there],
				},
			};
		}),
};

/** All sub-accounts of the list, those whose entry is not complete among them. */
async function subaccountsOf(current: Poll): Promise<KnownOfSubaccount[]> {
	const all: KnownOfSubaccount[] = [];
	for await (const { found, unusable } of pagesOf(current)) {
		all.push(...found.map(({ subaccount }) => subaccount), ...unusable.map(({ known }) => known));
	}
	return all;
}
