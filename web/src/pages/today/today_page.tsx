// Today: the day's figures beside yesterday's and those of the same weekday before, who spends most, what needs care.
import './words';

import { ReloadOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';

import { hooks } from '../../api/client';
import { useFormats } from '../../format';
import { Page } from '../../page';
import { useSession } from '../../session';
import { Answer, Empty, Loading } from '../../states';
import { DayFigures } from './day_figures';
import { FirstVisit } from './first_visit';
import { ImportsCard, JobsCard, WarningsCard } from './under_way';
import { TopSpenders } from './top_spenders';

const kRefreshMs = 30_000;
const kRefreshWithJobsMs = 3_000;

export function TodayPage() {
  const { t } = useTranslation();
  const { session, may } = useSession();
  const formats = useFormats();
  const query = hooks.useQuery('get', '/today', {}, {
    enabled: may('customers.read'),
    refetchInterval: ({ state }) =>
      (state.data?.jobs ?? []).some((job) => job.state === 'running') ? kRefreshWithJobsMs : kRefreshMs,
  });

  if (!session.has_data) {
    return (
      <Page title={t('today.title')}>
        <FirstVisit />
      </Page>
    );
  }
  if (!may('customers.read')) {
    return (
      <Page title={t('today.title')}>
        <Empty title={t('today.no_access')} />
      </Page>
    );
  }
  return (
    <Page
      title={t('today.title')}
      subtitle={query.data && formats.longDay(query.data.date)}
      actions={
        <Button icon={<ReloadOutlined aria-hidden />} loading={query.isRefetching} onClick={() => void query.refetch()}>
          {t('today.refresh')}
        </Button>
      }
    >
      <Answer query={query} rows={7}>
        {(today) => (
          <div className="grid">
            <DayFigures today={today.today} yesterday={today.yesterday} weekBefore={today.same_weekday_before} />
            <div className="span-8 stack">
              <TopSpenders rows={today.top_spenders} />
            </div>
            <div className="span-4 stack">
              <WarningsCard warnings={today.warnings} />
              <JobsCard jobs={today.jobs} />
              <ImportsCard imports={today.imports} />
            </div>
          </div>
        )}
      </Answer>
      {query.isFetching && !query.data && !query.isPending && <Loading />}
    </Page>
  );
}
