import type { IPollFunctions } from 'n8n-workflow';
import { fingerprint } from '../shared/idempotency/fingerprint';
import { fallenBelow, keptOfMissing, pollBalance, type LowBalances } from '../shared/polling/lowBalance';
import { poll, type Poll } from '../shared/polling/poll';
import { BALANCE_REQUEST, balanceIn, UNIT } from './credit';
import { mailPartner } from './provider';
import { shownSubaccount } from './subaccount';
import { pagesOf, type KnownOfSubaccount } from './subaccountList';

const EURO = { decimals: 3, unit: UNIT };

/** Fingerprints of the sub-accounts that were there at some poll. */
interface Seen {
	seen: string[];
	/** The most that a list has had. */
	most?: number;
}

/** By what the trigger node starts on. */
export const pollFor = {
	lowBalance: async (context: IPollFunctions) =>
		await pollBalance(context, mailPartner, EURO, async (current) => {
			const json = await current.read(BALANCE_REQUEST, balanceIn);
			return { balance: json.balance, json };
		}),

	lowSubaccountBalance: async (context: IPollFunctions) =>
		await poll<LowBalances>(
			context,
			mailPartner,
			'subaccount.getAll',
			'subaccounts',
			async (current, memory) => {
				const watched = (await subaccountsOf(current)).flatMap((known) => {
					const { token, balance } = known;
					if (token === null || balance === null) return [];
					return [{ key: fingerprint(token), balance, json: shownSubaccount(known, false) }];
				});
				return fallenBelow(current, watched, EURO, memory);
			},
		),

	subaccountCreated: async (context: IPollFunctions) =>
		await poll<Seen>(context, mailPartner, 'subaccount.getAll', 'created', async (current, memory) => {
			const listed = (await subaccountsOf(current)).filter((known) => namesOf(known).length > 0);
			const before = new Set(memory?.seen);
			const there = new Set(listed.flatMap(rememberedOf));
			const isNew = (known: KnownOfSubaccount) =>
				memory !== undefined && !namesOf(known).some((name) => before.has(name));
			const most = Math.max(memory?.most ?? 0, there.size);
			return {
				items: listed
					.filter((known) => current.isTest || isNew(known))
					.map((known) => shownSubaccount(known, false)),
				memory: {
					// A list that changes while its pages are read may leave one out.
					seen: [
						...keptOfMissing(
							[...before].filter((name) => !there.has(name)),
							most,
						),
						...there,
					],
					most,
				},
			};
		}),
};

/** Fingerprints of all that may name a sub-account. */
function namesOf({ token, id, email }: KnownOfSubaccount): string[] {
	return [token, id, email].filter((name) => name !== null).map(fingerprint);
}

/**
 * What is remembered of them. One whose token comes a poll later is known again by its id or its email; the email of one
 * with a token is forgotten, since it may be given to another later.
 */
function rememberedOf(known: KnownOfSubaccount): string[] {
	return namesOf(known.token === null ? known : { ...known, email: null });
}

/** All sub-accounts of the list, those whose entry is not complete among them. */
async function subaccountsOf(current: Poll): Promise<KnownOfSubaccount[]> {
	const all: KnownOfSubaccount[] = [];
	for await (const page of pagesOf(current)) all.push(...page.entries.map(({ value }) => value));
	return all;
}
