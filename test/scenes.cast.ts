import type { IDataObject } from 'n8n-workflow';

/** What the items of the scenes are about, told apart by what is done with them. */
export type Cast = ReturnType<typeof castOf>;

/** @param count how many items each scene has */
export function castOf(count: 2 | 3) {
	const first = <T extends IDataObject>(...all: [T, T, T]): T[] => all.slice(0, count);
	return {
		nothings: first({}, {}, {}),
		amounts: first({ amount: 20 }, { amount: 21.5 }, { amount: 23 }),
		credits: first({ credits: 1000 }, { credits: 1100 }, { credits: 1200 }),
		keywords: first({ keyword: 'honey' }, { keyword: 'acorns' }, { keyword: 'thistles' }),
		numbers: first({ number: '2125550101' }, { number: '2125550102' }, { number: '2125550103' }),
		texts: first(
			{ to: '2125550101', text: 'Winnie, honey is ready' },
			{ to: '2125550102', text: 'Piglet, acorns are ready' },
			{ to: '2125550103', text: 'Eeyore, thistles are ready' },
		),
		titles: first({ title: 'Owl', credit: 5 }, { title: 'Roo', credit: 6 }, { title: 'Kanga', credit: 7 }),
		tokens: first({ token: 'token-of-owl' }, { token: 'token-of-roo' }, { token: 'token-of-kanga' }),
		people: first(
			{ number: '2125550111', id: '4f0b5720734fada300000011', name: 'Winnie' },
			{ number: '2125550112', id: '4f0b5720734fada300000012', name: 'Piglet' },
			{ number: '2125550113', id: '4f0b5720734fada300000013', name: 'Eeyore' },
		),
		groups: first({ name: 'Owls' }, { name: 'Bears' }, { name: 'Donkeys' }),
		incoming: first(
			{ id: 15168146, message: 'honey' },
			{ id: 15168147, message: 'acorns' },
			{ id: 15168148, message: 'thistles' },
		),
	};
}
