// What the rest of Maillage tells the field app of the same browser.

/**
 * Signing out there takes the week of employers off this device too. Reports that wait stay, sealed: they are nobody
 * else's to erase, and go out when their author is back.
 */
export function forgetWeek(): Promise<void> {
  return new Promise((done) => {
    const request = indexedDB.open("maillage-terrain");
    // Never used here: nothing is made.
    request.onupgradeneeded = () => request.transaction?.abort();
    request.onerror = () => done();
    request.onsuccess = () => {
      const db = request.result;
      const transaction = db.transaction("document", "readwrite");
      transaction.objectStore("document").delete("week");
      transaction.oncomplete = transaction.onabort = () => {
        db.close();
        done();
      };
    };
  });
}
