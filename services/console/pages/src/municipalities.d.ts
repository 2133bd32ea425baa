declare module 'virtual:municipalities' {
  export const mapBox: { width: number; height: number };
  export const municipalities: { code: string; name: string; d: string }[];
}
