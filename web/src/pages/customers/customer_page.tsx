// Customer 360: who they are, how they stand, and everything that happened, on one page.
import './words';

import { useTranslation } from 'react-i18next';
import { useParams, useSearchParams } from 'react-router';

import { hooks } from '../../api/client';
import type { components } from '../../api/schema';
import { LifecycleTag, RfmTag } from '../../lifecycle';
import { Page } from '../../page';
import { Answer, Failed, Loading } from '../../states';
import { Tabs } from '../../tabs';
import { CustomerActions } from './customer_actions';
import { CustomCard } from './custom_card';
import { Identity } from './identity';
import { IdentifiersCard, ProfileCard } from './profile_card';
import { Notes } from './notes';
import { Orders } from './orders';
import { ScoresCard } from './scores_card';
import { TagsCard } from './tags_card';
import { Timeline } from './timeline';
import { WhySegment } from './why_segment';

export type Customer = components['schemas']['customer'];

function Whole({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const tabs = [
    { key: 'timeline', children: <Timeline id={customer.id} /> },
    { key: 'orders', children: <Orders id={customer.id} /> },
    { key: 'notes', children: <Notes id={customer.id} />, count: customer.notes_count },
    { key: 'identity', children: <Identity customer={customer} /> },
    { key: 'why', children: <WhySegment id={customer.id} /> },
  ];
  return (
    <Page
      title={customer.display}
      subtitle={
        <span className="row tight">
          {customer.display !== `#${customer.id}` && <span>#{customer.id}</span>}
          <LifecycleTag stage={customer.lifecycle} />
          <RfmTag rfmClass={customer.rfm_class} />
          {customer.tier && <span className="tag">{customer.tier}</span>}
        </span>
      }
      actions={<CustomerActions customer={customer} />}
    >
      <div className="customer-layout">
        <div className="stack">
          <ScoresCard customer={customer} />
          <ProfileCard customer={customer} />
          <IdentifiersCard customer={customer} />
          <TagsCard customer={customer} />
          <CustomCard customer={customer} />
        </div>
        <div className="card">
          <Tabs
            label={customer.display}
            active={search.get('tab') ?? 'timeline'}
            onChange={(tab) => setSearch({ tab }, { replace: true })}
            tabs={tabs.map(({ count, ...tab }) => ({ ...tab, label: t(`customers.tabs.${tab.key}`) + (count ? ` ${count}` : '') }))}
          />
        </div>
      </div>
    </Page>
  );
}

export function CustomerPage() {
  const { id } = useParams();
  const { t } = useTranslation();
  const query = hooks.useQuery('get', '/customers/{id}', { params: { path: { id: Number(id) } } });
  if (!query.data) {
    return <Page title={t('customers.title')}>{query.error ? <Failed error={query.error} retry={query.refetch} /> : <Loading rows={8} />}</Page>;
  }
  return <Answer query={query}>{(customer) => <Whole key={customer.id} customer={customer} />}</Answer>;
}
