import { Modal } from 'antd';
import { useTranslation } from 'react-i18next';

export function LeaveGuard({ onStay, onLeave }: { onStay: () => void; onLeave: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal open title={t('segments.unsaved')} okText={t('segments.leave')} cancelText={t('segments.stay')} onOk={onLeave} onCancel={onStay}>
      {t('segments.leave_text')}
    </Modal>
  );
}
