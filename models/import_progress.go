package models

// Progress is how much of an import, or of its dry run, is done, from 0 to 1.
func (i *Import) Progress() float64 {
	switch i.State {
	case ImportDone, ImportChecked:
		return 1
	case ImportUploading, ImportUploaded:
		return 0
	case ImportChecking, ImportRunning, ImportFailed, ImportCancelled:
	}
	if i.Staged && i.RowsRead == 0 {
		return stagingShare // nothing is to be merged
	}
	return i.share()
}
