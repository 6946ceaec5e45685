import { playCampaigns } from './campaigns';

it('any campaign, any fault, any retry', async () => await playCampaigns('clubTexting'), 1_800_000);
