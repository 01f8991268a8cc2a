// The builder beside the list: what it says becomes the filter.
import { Button, Drawer } from 'antd';
import { useTranslation } from 'react-i18next';

import { useCount } from '../../audience_count';
import { ExpressionEditor } from '../../expression/expression_editor';
import { useExpression } from '../../expression/use_expression';
import { useFormats } from '../../format';

export function FilterDrawer({ initial, onApply, onClose }: { initial: string; onApply: (where: string) => void; onClose: () => void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const state = useExpression(initial || 'all customers');
  const count = useCount(state.good);
  return (
    <Drawer
      open
      title={t('customers.filter')}
      size={Math.min(720, window.innerWidth)}
      onClose={onClose}
      extra={
        <Button
          type="primary"
          disabled={state.pending || state.problem !== null}
          onClick={() => {
            onApply(state.good === 'all customers' ? '' : state.good);
            onClose();
          }}
        >
          {t('customers.apply_filter')}
          {count.data && !count.isPlaceholderData && !state.pending ? ` · ${formats.number(count.data.count)}` : ''}
        </Button>
      }
    >
      <ExpressionEditor state={state} />
    </Drawer>
  );
}
