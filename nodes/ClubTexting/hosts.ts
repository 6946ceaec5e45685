/**
 * The addresses of Club Texting and its sister brands by the credential's environment. Source: Club Texting, REST API
 * documentation; the sister brands: the vendor's client library, which speaks to all of them in the same way.
 */
export const CLUB_TEXTING_HOSTS = {
	production: 'https://app.clubtexting.com',
	ezTexting: 'https://app.eztexting.com',
	groupTexting: 'https://app.grouptexting.com',
	tellMyCell: 'https://app.tellmycell.com',
};

/** The sister brands as texts name them. */
export const CLUB_TEXTING_BRANDS = {
	ezTexting: 'EZ Texting',
	groupTexting: 'Group Texting',
	tellMyCell: 'TellMyCell',
};
