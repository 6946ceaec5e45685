/** Where the clock of an area code is that of another. */
interface Correction {
	/** The area code on whose region this one was laid. */
	on: string;
	/** The zone of a place of that region that libphonenumber leaves out. */
	also?: string;
	/** The public page that says so. */
	source: string;
}

/** Lloydminster lies on both sides of the border and has Alberta's clock on both. */
const SASKATCHEWAN: Correction = {
	on: '306',
	also: 'America/Edmonton',
	source: 'https://en.wikipedia.org/wiki/Time_in_Saskatchewan',
};

/**
 * Where libphonenumber is wrong or late: area codes that it does not know, those whose region it has wrong, and those for
 * which it gives the region's main zone only, while their phones are in all of it.
 */
export const CORRECTIONS: Record<string, Correction> = {
	'236': { on: '250', source: 'https://en.wikipedia.org/wiki/Area_codes_250,_778,_236,_672,_and_257' },
	'257': { on: '250', source: 'https://en.wikipedia.org/wiki/Area_codes_250,_778,_236,_672,_and_257' },
	'306': SASKATCHEWAN,
	'357': {
		on: '559',
		source:
			'https://www.cpuc.ca.gov/news-and-updates/all-news/cpuc-provides-more-numbers-for-559-area-code-2023',
	},
	'364': { on: '270', source: 'https://en.wikipedia.org/wiki/Area_codes_270_and_364' },
	'367': { on: '418', source: 'https://en.wikipedia.org/wiki/Area_codes_418,_581,_and_367' },
	'436': { on: '440', source: 'https://en.wikipedia.org/wiki/Area_codes_440_and_436' },
	'448': { on: '850', source: 'https://en.wikipedia.org/wiki/Area_codes_850_and_448' },
	'457': { on: '318', source: 'https://en.wikipedia.org/wiki/Area_codes_318_and_457' },
	'458': { on: '541', source: 'https://en.wikipedia.org/wiki/Area_codes_541_and_458' },
	'471': { on: '662', source: 'https://en.wikipedia.org/wiki/Area_codes_662_and_471' },
	'474': SASKATCHEWAN,
	'483': { on: '334', source: 'https://en.wikipedia.org/wiki/Area_codes_334_and_483' },
	'581': { on: '418', source: 'https://en.wikipedia.org/wiki/Area_codes_418,_581,_and_367' },
	'621': { on: '713', source: 'https://en.wikipedia.org/wiki/Area_codes_713,_281,_832,_346,_and_621' },
	'624': { on: '716', source: 'https://en.wikipedia.org/wiki/Area_codes_716_and_624' },
	'639': SASKATCHEWAN,
	'672': { on: '250', source: 'https://en.wikipedia.org/wiki/Area_codes_250,_778,_236,_672,_and_257' },
	'679': {
		on: '313',
		source: 'https://www.verizon.com/support/residential/homephone/area-international-info/area-code-lookup',
	},
	'689': { on: '407', source: 'https://en.wikipedia.org/wiki/Area_codes_407,_689,_and_321' },
	'729': {
		on: '423',
		source:
			'https://www.chattnewschronicle.com/top-stories/new-729-area-code-coming-to-eastern-tennessee-what-residents-need-to-know',
	},
	'778': { on: '250', source: 'https://en.wikipedia.org/wiki/Area_codes_250,_778,_236,_672,_and_257' },
	'837': { on: '530', source: 'https://en.wikipedia.org/wiki/Area_codes_530_and_837' },
	'861': { on: '309', source: 'https://en.wikipedia.org/wiki/Area_codes_309_and_861' },
	'879': { on: '709', source: 'https://en.wikipedia.org/wiki/Area_codes_709_and_879' },
	'924': { on: '507', source: 'https://www.zip-codes.com/area-code/area-code-924.asp' },
	'930': { on: '812', source: 'https://en.wikipedia.org/wiki/Area_codes_812_and_930' },
	'986': { on: '208', source: 'https://en.wikipedia.org/wiki/Area_codes_208_and_986' },
};
