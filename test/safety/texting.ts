import type { Simulator } from '../simulator';

/** Who sends texts, and what its books say of them; numbers have ten digits. */
export interface Texting {
	provider: 'clubTexting' | 'ezTexting';
	/** Who has got a text, once for each. */
	delivered: (simulator: Simulator) => string[];
	/** Refuses these numbers from now on, and no others. */
	refuse: (simulator: Simulator, ...numbers: string[]) => void;
}

export const texting: Texting[] = [
	{
		provider: 'clubTexting',
		delivered: ({ clubTexting: { books } }) => books.delivered.map(({ number }) => number),
		refuse: ({ clubTexting: { books } }, ...numbers) => void (books.refusedNumbers = new Set(numbers)),
	},
	{
		provider: 'ezTexting',
		delivered: ({ ezTexting: { books } }) => books.delivered.map(({ number }) => number.slice(1)),
		refuse: ({ ezTexting: { books } }, ...numbers) =>
			void (books.invalidNumbers = new Set(numbers.map((number) => `1${number}`))),
	},
];
