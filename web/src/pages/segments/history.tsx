// How many were in the segment, day by day as recorded.
import { useTranslation } from 'react-i18next';

import { hooks } from '../../api/client';
import { Chart } from '../../charts/chart';
import { Card } from '../../page';
import { Answer, Empty } from '../../states';
import type { Segment } from './save_segment';

export function History({ segment }: { segment: Segment }) {
  const { t } = useTranslation();
  const query = hooks.useQuery('get', '/segments/{id}/history', { params: { path: { id: segment.id } } });
  return (
    <Card title={t('segments.tabs.history')}>
      <Answer query={query}>
        {({ points }) =>
          points.length === 0 ? (
            <Empty title={t('segments.history_empty')} />
          ) : (
            <Chart
              label={t('segments.tabs.history')}
              height={320}
              option={{
                xAxis: { type: 'time' },
                yAxis: { type: 'value', minInterval: 1, scale: true },
                series: [
                  {
                    type: 'line',
                    name: t('segments.members'),
                    showSymbol: points.length < 40,
                    areaStyle: { opacity: 0.12 },
                    data: points.map((point) => [point.day, point.members]),
                  },
                ],
              }}
            />
          )
        }
      </Answer>
    </Card>
  );
}
