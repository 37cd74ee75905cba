export { diagnosesText, diagnosisLine, diagnosisText } from '@why502/report';
export { createDoctor, type Doctor } from './doctor.ts';
